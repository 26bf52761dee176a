import type { Box } from '../../../core/workspace/boxSettings.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import type { Balancer } from '../../../remote/balancer/balancer.ts';
import { openBalancers } from '../../../remote/balancer/balancersOf.ts';
import { openAgent } from '../../../remote/openAgent.ts';
import type { RemoteAgent } from '../../../remote/remoteAgent.ts';
import type { Again } from '../../../remote/rollout/again.ts';
import type { ManifestPlace } from '../../../remote/rollout/place.ts';
import type { Rollout } from '../../../remote/rollout/record.ts';
import { readCredentials } from '../../boxes/credentials.ts';
import { UsageError } from '../../failure.ts';
import { checkEnvironment, chosenApp, openWorkspace } from '../../workspace.ts';
import { chosenBoxes } from '../boxes/work/chosen.ts';
import type { DeployOptions } from '../deploy.ts';
import type { RolloutOptions } from './options.ts';

/** A box, and what is asked of it. */
export interface JobBox {
  agent: RemoteAgent;
  request: DeploymentRequest;
  /** Where it stands by the manifest. */
  place: ManifestPlace;
  /** What gives the app's requests to it. */
  balancers: Balancer[];
}

/** What is to be done, and where. */
export interface Job {
  action: Rollout['action'];
  app: string;
  environment: string;
  workspace: Workspace;
  /** In the order of the manifest. */
  boxes: JobBox[];
  /** All boxes get one version, whichever is the latest now. */
  isLatest: boolean;
  /** The rollout that this one mends or takes back. */
  of: Rollout | null;
}

/** What the command line asks for. */
export function newJob(
  action: Rollout['action'],
  app: string | undefined,
  options: RolloutOptions & Pick<DeployOptions, 'configs' | 'force'>,
): Job {
  const { workspace } = openWorkspace(options.directory);
  const { env: environment, cluster, box: names = [] } = options;
  if (app === undefined) throw new UsageError('name the app: strata deploy APP -e ENVIRONMENT');
  chosenApp(workspace, app);
  if (environment === undefined) {
    const known = workspace.environments.map((one) => one.name).join(', ');
    throw new UsageError(`name an environment with -e. There are: ${known}`);
  }
  checkEnvironment(workspace, environment, cluster);
  const boxes = chosenBoxes(names, { ...onlyDefined(options), app });
  checkNamed(names, boxes, `${app} in ${environment}`);
  const request = requestOf(action, app, options);
  const isLatest = action === 'deploy' && options.version === undefined;
  const asked = jobBoxes(workspace, boxes, app).map((one) => ({ ...one, request }));
  return { action, app, environment, workspace, boxes: asked, isLatest, of: null };
}

/** What is asked of boxes of an earlier rollout. */
export function jobAgain(
  action: Rollout['action'],
  of: Rollout,
  boxes: readonly Again[],
  { directory, wait }: RolloutOptions,
): Job {
  const workspace = openWorkspace(directory ?? of.workspace).workspace;
  const requests = new Map(boxes.map(({ box, request }) => [box, request]));
  const asked = boxesOfRollout(of, directory).flatMap((one) => {
    const request = requests.get(one.agent.box);
    return request === undefined
      ? []
      : [{ ...one, request: { ...request, ...(wait ? { busy: 'wait' as const } : {}) } }];
  });
  const { app, environment } = of;
  return { action, app, environment, workspace, boxes: asked, isLatest: false, of };
}

type PlacedBox = Omit<JobBox, 'request'>;

/** The boxes of a rollout, which the manifest must still name. */
export function boxesOfRollout(of: Rollout, directory: string | undefined): PlacedBox[] {
  const names = of.boxes.map((one) => one.box);
  const { workspace } = openWorkspace(directory ?? of.workspace);
  return jobBoxes(workspace, chosenBoxes(names, { directory: directory ?? of.workspace }), of.app);
}

function jobBoxes({ balancers = [], root }: Workspace, boxes: readonly Box[], app: string): PlacedBox[] {
  const credentialsOf = readCredentials();
  return boxes.map((box) => ({
    agent: openAgent(box, credentialsOf(box.name)),
    place: { environment: box.environment, cluster: box.cluster ?? null },
    balancers: openBalancers(balancers, box, app, root),
  }));
}

function requestOf(
  action: Rollout['action'],
  app: string,
  { channel, version, configs, force, wait }: RolloutOptions & Pick<DeployOptions, 'configs' | 'force'>,
): DeploymentRequest {
  return {
    app,
    ...(channel === undefined ? {} : { channel }),
    ...(version === undefined ? {} : { version }),
    ...(configs === undefined ? {} : { configs }),
    ...(force ? { force } : {}),
    ...(wait ? { busy: 'wait' as const } : {}),
    ...(action === 'rollback' ? { rollback: true } : {}),
  };
}

function checkNamed(names: readonly string[], boxes: readonly Box[], what: string): void {
  const other = names.find((name) => !boxes.some((box) => box.name === name));
  if (other !== undefined)
    throw new UsageError(`the box ${other} is none of ${what}: strata boxes lists them`);
}

function onlyDefined({ directory, env, cluster, label }: RolloutOptions): RolloutOptions {
  return {
    ...(directory === undefined ? {} : { directory }),
    ...(env === undefined ? {} : { env }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(label === undefined ? {} : { label }),
  };
}
