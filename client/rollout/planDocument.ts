import type { ConfigChange, FileChange, NamedChange, Plan } from '../../protocol/deploymentPlan.ts';
import { foreignText } from '../../remote/logs/foreignText.ts';
import { type FoldedPlan, foldedPlans } from '../../remote/rollout/foldPlans.ts';
import type { Looked } from '../../remote/rollout/look.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import type { Translate } from './translate.ts';

/** What plans are shown of. */
export interface Planned extends Pick<Rollout, 'action' | 'app' | 'environment'> {
  looked: readonly Looked[];
}

/**
 * The plans of all boxes in one document, as markdown: those that say the same are told once, with all their boxes. What has changed stands in blocks of
 * the language `diff`, where editors colour it.
 */
export function planDocument({ action, app, environment, looked }: Planned, t: Translate): string {
  const plans = looked.flatMap(({ plan, ...one }) => (plan === undefined ? [] : [{ ...one, plan }]));
  const folded = foldedPlans(plans);
  const title =
    action === 'deploy'
      ? t('Deploy {0} to {1}', app, environment)
      : t('Roll back {0} in {1}', app, environment);
  const gone = looked.flatMap(({ box, error }) =>
    error === undefined ? [] : [`## ${t('{0}: no plan', box)}`, '', `- ⚠ ${foreignText(error.message)}`, ''],
  );
  const sections = folded.flatMap((one) => sectionOf(one, action, t));
  return [`# ${title}`, '', t('Nothing is done before you say so.'), '', ...gone, ...sections].join('\n');
}

function sectionOf(folded: FoldedPlan, action: Rollout['action'], t: Translate): string[] {
  const { boxes, plan } = folded;
  const count = boxes.length > 1 ? ` (${t('{0} boxes', boxes.length)})` : '';
  const head = [`## ${boxes.join(', ')}${count}: ${versionsText(plan, action, t)}`, ''];
  const obstacles = list(
    t('In the way'),
    plan.obstacles.map((one) => `⚠ ${foreignText(one)}`),
  );
  const balancers = list(t('Balancers'), balancerLines(folded, t));
  return [...head, ...obstacles, ...(plan.isNoOp ? [] : changesOf(plan, t)), ...balancers];
}

function balancerLines({ plan, balancers, leftOutOf, staysOutOf }: FoldedPlan, t: Translate): string[] {
  if (!plan.isNoOp)
    return balancers.map((name) => t('taken out of {0} first, and put back when it serves', name));
  return [
    ...leftOutOf.map((name) => t('put back into {0}: an earlier deployment left it out', name)),
    ...staysOutOf.map((name) =>
      t('left out of {0} by an earlier deployment: strata balancers tells whether it still is', name),
    ),
  ];
}

function versionsText({ app, from, to, isNoOp }: Plan, action: Rollout['action'], t: Translate): string {
  if (isNoOp) return t('{0} {1} is live already, nothing to do', app, to);
  if (from === null) return t('{0} {1}, nothing is live yet', app, to);
  if (from === to) return t('{0} {1} once more', app, to);
  return action === 'deploy' ? `${app} ${from} → ${to}` : t('{0} {1} → {2}, back', app, from, to);
}

function changesOf(plan: Plan, t: Translate): string[] {
  const commits = plan.commits.map(({ sha, text }) => `${sha.slice(0, 8)}  ${foreignText(text)}`);
  return [
    ...block(t('Commits'), 'text', commits),
    ...block(t('Config'), 'diff', plan.config.flatMap(configLines)),
    ...(plan.files.length === 0 ? [] : [`### ${t('Files')}`, '']),
    ...plan.files.flatMap((one) => fileBlock(one, t)),
    ...block(t('Units'), 'diff', plan.units.map(namedLine)),
    ...block(t('Virtual hosts'), 'diff', plan.vhosts.map(namedLine)),
    ...list(t('Restarts'), plan.restarts.map(foreignText)),
    ...list(t('Migrations'), plan.migrations.map(foreignText)),
    ...list(t('Hooks'), plan.hooks.map(foreignText)),
    ...list(t('Notes'), (plan.notes ?? []).map(foreignText)),
  ];
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${line}`), ''];
}

function block(title: string, language: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...fenced(language, lines), ''];
}

/** In a fence that is longer than any within. */
function fenced(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.map((line) => /^\s*(`+)/.exec(line)?.[1]?.length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines, fence];
}

/** A place stands at the end of its line, where it becomes a link. */
function configLines({ setting, old, new: next, layer }: ConfigChange): string[] {
  const where = layer === '' ? '' : ` ${foreignText(layer)}`;
  return [
    `@@ ${foreignText(setting)} @@${where}`,
    ...(old === null ? [] : [`- ${valueText(old)}`]),
    ...(next === null ? [] : [`+ ${valueText(next)}`]),
  ];
}

/** Hashes of secrets are only good to see whether they differ. */
function valueText(text: string): string {
  const [hash] = /^sha256:[0-9a-f]{8}/.exec(text) ?? [];
  return hash === undefined ? foreignText(text) : `${hash}…`;
}

function fileBlock({ path, diff }: FileChange, t: Translate): string[] {
  const head = [`#### ${foreignText(path)}`, ''];
  if (diff === null) return [...head, `- ${t('its changes cannot be shown')}`, ''];
  const lines = diff.replace(/\n$/, '').split('\n').map(foreignText);
  const shown = lines.filter((line) => !/^(---|\+\+\+) /.test(line));
  return [...head, ...fenced('diff', shown), ''];
}

const signs = { added: '+', changed: '!', removed: '-' } as const;

function namedLine({ name, change }: NamedChange): string {
  return `${signs[change]} ${foreignText(name)}`;
}

/** A place of a layer that a document names. */
export interface NamedPlace {
  /** Where the text stands in its line. */
  start: number;
  end: number;
  file: string;
  /** From 0 on. */
  line: number;
  character: number;
}

/** The place at the end of a line of config; nothing in other lines. */
export function placeInLine(text: string): NamedPlace | undefined {
  const found = /^@@ .* @@ (?<place>(?<file>\S.*?):(?<line>\d+):(?<column>\d+))$/.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { place = '', file = '', line, column } = found;
  return {
    start: text.length - place.length,
    end: text.length,
    file,
    line: Number(line) - 1,
    character: Number(column) - 1,
  };
}
