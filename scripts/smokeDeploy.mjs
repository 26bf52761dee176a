// From a commit to two boxes and back, by the command and two agents: what `npm start -- --smoke` does behind the hover.
import { join } from 'node:path';
import { withProgress } from './lib/log.mjs';
import { root } from './lib/paths.mjs';
import { output } from './lib/process.mjs';
import { projectNode } from './setup.mjs';

const LIMIT_MS = 120_000;
const APP = 'api';

/**
 * Builds an app twice, deploys both to all boxes, shows what the agents told, and rolls back. Tells whether the first version is live
 * again everywhere; throws where a command fails.
 * @param {{ workspace: string, environment: string, boxes: string[] }} example
 */
export async function smokeDeploy({ workspace, environment, boxes }) {
  /** @param {string[]} args */
  const strata = (...args) =>
    output(projectNode(), [join(root, 'dist', 'cli.js'), ...args], { cwd: workspace, limitMs: LIMIT_MS });
  const place = ['-e', environment, '--yes'];
  /** @type {string[]} */
  const versions = [];
  for (const turn of ['first', 'second']) {
    const version = await withProgress(`${APP} is built for the ${turn} time`, () => buildApp(strata));
    versions.push(version);
    await withProgress(`${APP} ${version} is deployed to ${boxes.join(' and ')}`, () =>
      strata('deploy', APP, ...place, '--version', version),
    );
  }
  console.log(`\nWhat the agents told of it:\n\n${await strata('logs', APP, '-e', environment)}`);
  await withProgress(`${APP} is rolled back`, () => strata('rollback', APP, ...place));
  const status = await strata('status', '-e', environment);
  console.log(`\n${status}`);
  const isBack = boxes.every((box) => new RegExp(`\\b${box}\\s+${APP}\\s+${versions[0]}\\s`).test(status));
  console.log(
    isBack ? `${APP} ${versions[0]} is live again on both.` : `${APP} ${versions[0]} is not live on both.`,
  );
  return isBack;
}

/** @param {(...args: string[]) => Promise<string>} strata */
async function buildApp(strata) {
  const text = await strata('build', APP, '--json');
  const line = text.split('\n').find((one) => one.startsWith('{')) ?? '{}';
  /** @type {{ version: string }} */
  const { version } = JSON.parse(line);
  return version;
}
