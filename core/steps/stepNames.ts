/**
 * What the agent can do for an app beside the app's own hooks, in the order in which it is done: what is rendered comes before what is
 * started, and what is started before the web server that leads to it.
 */
export const stepNames = [
  'config',
  'virtualenv',
  'node',
  'data',
  'templates',
  'django',
  'assets',
  'supervisor',
  'upstart',
  'systemd',
  'pair',
  'nginx',
  'apache',
  'tomcat',
  'health',
  'validate',
] as const;

export type StepName = (typeof stepNames)[number];

export function isStepName(value: unknown): value is StepName {
  return stepNames.some((name) => name === value);
}

/** Those that change what the system runs, beside the app's own folders: done only on boxes that let them (`steps.system`). */
export const systemSteps: ReadonlySet<string> = new Set<StepName>([
  ...(['supervisor', 'upstart', 'systemd', 'pair', 'nginx', 'apache', 'tomcat'] as const),
]);

/** The file in which an app says otherwise than the convention, by its path in the app. */
export const stepsFile = 'deploy/steps.yaml';
