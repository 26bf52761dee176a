import { once } from 'node:events';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import type { Deployment } from '../../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import type { Plan } from '../../../protocol/deploymentPlan.ts';
import { ci } from '../repository.ts';
import type { Box } from './box.ts';

/** Where a box finds the store of the tests, and the packages. */
export const storeAt = '/mnt/store';
export const packagesAt = '/mnt/packages';

/** Makes the user of the shop, some central config, and a config of the agent (`more` is put behind it). */
export async function configure(box: Box, more = ''): Promise<void> {
  const config = `environment: qa
repository:
  store: ${storeAt}
  trust: { keys: [{ name: ci, key: "${ci.public.text}" }] }
configs: { folder: /etc/configs }
apps:
  shop: { user: shop }
${more}`;
  await box.sh('id shop 2>/dev/null || useradd --create-home shop');
  await box.sh('mkdir -p /etc/configs /etc/strata; cat > /etc/strata/agent.yaml', config);
  await box.sh('cat > /etc/configs/common.yaml', 'common: { from: central }\n');
}

/** Asks the agent in a box, over its unix socket. */
async function ask(box: Box, method: string, path: string, body?: object): Promise<http.IncomingMessage> {
  const socketPath = box.path('/run/strata/agent.sock');
  const headers = { 'content-type': 'application/json' };
  const request = http.request({ socketPath, method, path, headers, agent: false });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return response;
}

/** Begins a deployment of the shop. @returns its number. */
export async function begin(box: Box, request: object = {}): Promise<string> {
  const answer = (await json(
    await ask(box, 'POST', '/v1/deployments', { app: 'shop', ...request }),
  )) as Deployment;
  if (answer.id === undefined) throw new Error(`it was not accepted: ${JSON.stringify(answer)}`);
  return answer.id;
}

/** Follows a deployment up to an event. */
export async function follow(
  box: Box,
  id: string,
  isIt: (event: DeploymentEvent) => boolean,
): Promise<DeploymentEvent[]> {
  const found: DeploymentEvent[] = [];
  const response = await ask(box, 'GET', `/v1/deployments/${id}/events?format=ndjson`);
  try {
    for await (const line of createInterface({ input: response })) {
      // Where nothing happens for a while, an empty one says that somebody is there.
      if (line === '') continue;
      const event = JSON.parse(line) as DeploymentEvent;
      found.push(event);
      if (isIt(event)) return found;
    }
  } finally {
    response.destroy();
  }
  throw new Error(`what was waited for did not come: ${JSON.stringify(found.slice(-5))}`);
}

/** Follows a deployment until a line is a text, or is like it. */
export async function says(box: Box, id: string, text: string | RegExp): Promise<void> {
  const isIt = (line: string) => (typeof text === 'string' ? line === text : text.test(line));
  await follow(box, id, (event) => event.type === 'log' && isIt(event.text));
}

/** What a deployment of the shop would do. */
export async function planned(box: Box, request: object = {}): Promise<Plan> {
  return (await json(await ask(box, 'POST', '/v1/plan', { app: 'shop', ...request }))) as Plan;
}

/** A deployment that has ended, with the lines that its hooks printed, and what the agent told beside. */
export type Ended = Deployment & { lines: string[]; told: string[] };

/** A deployment when it has ended. */
export async function ended(box: Box, id: string): Promise<Ended> {
  const events = await follow(box, id, ({ type }) => type === 'end');
  const linesOf = (isAgent: boolean) =>
    events.flatMap((event) =>
      event.type === 'log' && (event.stream === 'agent') === isAgent ? [`${event.stage}: ${event.text}`] : [],
    );
  const deployment = (await json(await ask(box, 'GET', `/v1/deployments/${id}`))) as Deployment;
  return { ...deployment, lines: linesOf(false), told: linesOf(true) };
}

/** Deploys the shop, and waits for the end. */
export async function deploy(box: Box, request: object = {}): Promise<Ended> {
  return await ended(box, await begin(box, request));
}

/** The number of the agent's process, in the box. */
export async function mainPid(box: Box): Promise<number> {
  return Number(await box.sh('systemctl show --property=MainPID --value strata-agent'));
}

/** A hook that says `waits`, and goes on when the file `/tmp/go` is there. */
export const waitingHook = 'echo waits; until [ -e /tmp/go ]; do sleep 0.02; done; echo goes on\n';
