import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Agent } from '../../../agent/service.ts';
import { isResult } from '../../../protocol/deployment.ts';
import { deploy, ended, eventsUntil, leftovers, liveVersion, releaseNames, type TestBox } from './box.ts';

/** The version that every box can deploy in the end. */
export const lastVersion = '9';

/**
 * What must hold of a box whatever happened to its agent: `live` leads to a whole release (or to nothing, at first), all
 * deployments come to an end, and the next deployment works.
 * @returns how the deployments ended, newest first.
 */
export async function checkInvariant(agent: Agent, box: TestBox): Promise<string[]> {
  const all = await agent.deployments({});
  for (const { id } of all) await checkEnded(agent, id);
  await checkNext(agent, box);
  const known = await Promise.all(all.map(({ id }) => agent.deployment(id)));
  return known.map(({ result }) => `${result}`);
}

/** `live` leads to a whole release, the next deployment works, and nothing is left over. */
export async function checkNext(agent: Agent, box: TestBox): Promise<void> {
  checkReleases(box);
  expect(await deploy(agent, { version: lastVersion, force: true })).toMatchObject({ result: 'done' });
  expect(liveVersion(box)).toBe(lastVersion);
  checkReleases(box);
  expect(leftovers(box)).toEqual([]);
  const hooks = path.join(box.root, '.strata-agent/hooks');
  if (fs.existsSync(hooks)) expect(fs.readdirSync(hooks)).toEqual([]);
}

async function checkEnded(agent: Agent, id: string): Promise<void> {
  const { state, result } = await ended(agent, id);
  expect(isResult(state) && state === result, `${id}: ${state} ${result}`).toBe(true);
  const events = await eventsUntil(agent, id, ({ type }) => type === 'end');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
  const ends = events.flatMap((one) => (one.type === 'state' && isResult(one.state) ? [one.state] : []));
  expect(ends.length, `${id}: ${ends}`).toBe(1);
  const lines = events.flatMap((one) => (one.type === 'log' && one.stream !== 'agent' ? [one.text] : []));
  expect(lines, id).toEqual([...new Set(lines)]);
}

function checkReleases(box: TestBox): void {
  const versions = path.join(box.root, 'shop/versions');
  if (!fs.existsSync(versions)) return;
  const isWhole = (name: string) => {
    const marker = JSON.parse(fs.readFileSync(path.join(versions, name, '.strata-release.json'), 'utf8'));
    return marker.version === fs.readFileSync(path.join(versions, name, 'version.txt'), 'utf8');
  };
  for (const name of releaseNames(box)) expect(isWhole(name), name).toBe(true);
  const live = path.join(box.root, 'shop/live');
  if (!fs.existsSync(path.join(box.root, 'shop')) || !fs.lstatSync(live, { throwIfNoEntry: false })) return;
  expect(releaseNames(box)).toContain(path.basename(fs.readlinkSync(live)));
}
