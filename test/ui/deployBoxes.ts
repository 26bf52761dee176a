// Agents of their own for the tests of deployments, and versions that the command uploaded.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root as project } from '../../scripts/lib/paths.mjs';

/** A box that the manifest names. */
export interface UiBox {
  name: string;
  token: string;
  /** Makes a file in its root, which hooks look for; or takes it away. */
  mark(name: string, isThere?: boolean): void;
  /** Its agent answers nothing until it goes on. */
  pause(): void;
  goOn(): void;
  stop(): void;
}

/** Starts agents and writes their boxes into the manifest of a workspace. @param base a folder that goes away. */
export async function startUiBoxes(
  workspace: string,
  base: string,
  environments: readonly string[],
): Promise<UiBox[]> {
  const started = await Promise.all(
    environments.map((environment, at) => startBox(workspace, join(base, `b${at + 1}`), environment)),
  );
  const entries = started.map(({ entry }) => entry).join('');
  appendFileSync(join(workspace, 'strata.yaml'), `boxes:\n${entries}`);
  return started.map(({ box }) => box);
}

async function startBox(workspace: string, root: string, environment: string) {
  const name = root.split('/').at(-1) ?? '';
  mkdirSync(join(root, '.strata'), { recursive: true });
  mkdirSync(join(root, '.configs'));
  const store = join(workspace, '.strata/artifacts');
  writeFileSync(
    join(root, '.strata/agent.yaml'),
    `environment: ${environment}\nrepository: {store: "${store}", trust: {unsigned: true}}\nconfigs: {folder: ../.configs}\nlisten: {address: "127.0.0.1:0"}\n`,
  );
  const file = join(project, 'dist/agent.js');
  const args = [file, 'token', 'new', 'ann', '--scope', 'admin', '--root', root];
  const token = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
  const child = spawn(process.execPath, [file, 'run', '--root', root], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!said.includes('listening on unix:')) await once(child.stdout, 'data');
  const [, url = ''] = /^listening on (http:\S+)$/m.exec(said) ?? [];
  const box: UiBox = {
    ...{ name, token },
    mark(of, isThere = true) {
      if (isThere) writeFileSync(join(root, of), '');
      else rmSync(join(root, of), { force: true });
    },
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    stop: () => void child.kill('SIGKILL'),
  };
  return { box, entry: `  ${name}: {url: "${url}", environment: ${environment}}\n` };
}

const prepare = `#!/bin/sh
echo "Migrating the database to $STRATA_VERSION"
for table in carts orders receipts; do echo "table $table: ok"; done
test ! -e "$STRATA_ROOT/fails" || { echo "ERROR: relation \\"stamps\\" does not exist" >&2; exit 1; }
while test -e "$STRATA_ROOT/waits"; do sleep 0.05; done
`;

/** Uploads a version of an app as a person would. */
export function uploadUiVersion(
  workspace: string,
  base: string,
  app: string,
  version: string,
  note: string,
): void {
  const folder = join(base, `version-${version}`);
  const layer = `${app}:\n  greeting: Hello from ${version}\n  cart:\n    limit: ${Number(version) * 10}\n`;
  const files: Record<string, [text: string, mode: number]> = {
    'version.txt': [version, 0o644],
    'deploy/hooks/prepare': [prepare, 0o755],
    [`deploy/configuration/${app}-default.yaml`]: [layer, 0o644],
  };
  for (const [name, [text, mode]] of Object.entries(files)) {
    const file = join(folder, app, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }
  const archive = join(folder, `${app}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', folder, app]);
  const commit = Buffer.from(note).toString('hex').padEnd(40, '0').slice(0, 40);
  const facts = [`commit=${commit}`, 'branch=main', `commit_msg=${note}`, 'builder=ann@laptop'];
  const args = ['artifacts', 'upload', app, archive, version, ...facts.flatMap((one) => ['-m', one])];
  execFileSync(process.execPath, [join(project, 'dist/cli.js'), ...args], { cwd: workspace, stdio: 'pipe' });
}
