import fs from 'node:fs';
import path from 'node:path';
import { cliFile, type Run, strata } from '../cli.ts';
import { buildJson, commitAll, git } from '../gitWorkspace.ts';
import { newFolder } from '../repository.ts';
import { packagesAt, storeAt } from './agentOf.ts';
import type { Box } from './box.ts';
import { debianPython } from './debianPython.ts';
import { type Fleet, startFleet } from './fleet.ts';

export const exampleApps = ['guestbook', 'prices', 'site', 'notices'] as const;
export type ExampleApp = (typeof exampleApps)[number];

/** What came of the build of an app, as far as it is looked at. */
interface Built {
  built: boolean;
  steps: { step: string; ms: number }[];
}

/** The example workspace `fleet` with two boxes that run, and somebody who builds and deploys. */
export interface ExampleFleet extends Fleet {
  /** A copy of the workspace, committed. */
  workspace: string;
  /** Replaces a text in a file of the workspace, and commits that. */
  change(file: string, text: string, by: string): void;
  /** Builds what is committed, and gives what `strata build --json` says of each app. */
  build(apps: readonly ExampleApp[], version: string, ...options: string[]): Promise<Built[]>;
  /** Runs `strata` in the network of the boxes. */
  strata(args: readonly string[]): Promise<Run>;
}

const configsAt = '/mnt/configs';
const made = /(^|\/)(\.strata|virtualenv|node_modules|build|__pycache__|configuration(_public)?\.json)$/;

/** Boots two boxes with what the example's apps run on, an agent on each; meanwhile, apps are built as version 1. */
export async function startExampleFleet(apps: readonly ExampleApp[] = exampleApps): Promise<ExampleFleet> {
  const workspace = path.join(newFolder(), 'fleet');
  const example = path.resolve(import.meta.dirname, '../../../examples/fleet');
  fs.cpSync(example, workspace, { recursive: true, filter: (file) => !made.test(file) });
  const [store, home] = [newFolder(), newFolder()];
  const env = { ...debianPython(), XDG_CONFIG_HOME: home };
  const { stdout } = await strata(['keys', 'new', 'ci'], { cwd: workspace, env });
  const [key = ''] = /ed25519:\S+/.exec(stdout) ?? [];
  const packages = process.env.STRATA_TEST_PACKAGES ?? '';
  const binds = { [packagesAt]: packages, [storeAt]: store, [configsAt]: path.join(workspace, 'configs') };
  const booted = await startFleet(2, binds, 'servers');
  const fleet: ExampleFleet = {
    ...booted,
    workspace,
    change(file, text, by) {
      replaceIn(path.join(workspace, file), [[text, by]]);
      commitAll(workspace, `${by} in place of ${text}`);
    },
    async build(names, version, ...options) {
      const { results, stderr } = await buildJson(
        workspace,
        [...names, ...options, '--version', version, '--store', store],
        env,
      );
      if (results.some(({ built }) => built !== true)) throw new Error(stderr);
      return results;
    },
    strata: (args) =>
      booted.run(
        [process.execPath, cliFile, ...args],
        { XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, STRATA_TOKEN: '' },
        workspace,
      ),
  };
  try {
    const addresses = fleet.boxes.map(({ name, address }) => [`${name}.papershop.example`, address] as const);
    replaceIn(path.join(workspace, 'strata.yaml'), addresses);
    git(workspace, 'init', '--quiet', '--initial-branch=main');
    commitAll(workspace, 'Four apps');
    const ready = Promise.all(fleet.boxes.map((box) => setUp(box, key)));
    const [entries] = await Promise.all([ready, fleet.build(apps, '1')]);
    letIn(home, entries);
    return fleet;
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}

function replaceIn(file: string, changes: readonly (readonly [text: string, by: string])[]): void {
  let content = fs.readFileSync(file, 'utf8');
  for (const [text, by] of changes) {
    if (!content.includes(text)) throw new Error(`${file} has no ${text}`);
    content = content.replaceAll(text, by);
  }
  fs.writeFileSync(file, content);
}

/** Who may deploy to a box. */
interface Entry {
  name: string;
  token: string;
  fingerprint: string;
}

const agentConfig = (key: string) => `environment: production
listen: { address: "0.0.0.0:7878" }
repository:
  store: ${storeAt}
  trust: { keys: [{ name: ci, key: "${key}" }] }
configs: { folder: ${configsAt} }
apps: { guestbook: { user: guestbook }, prices: { user: prices }, site: { user: site }, notices: { user: tomcat } }
steps: { system: true }
`;

/** What the README of the example asks for. */
async function setUp(box: Box, key: string): Promise<Entry> {
  // Looks for new versions each second, in place of every ten.
  await box.sh(`sed -i -e 's/<Engine name="Catalina"/& backgroundProcessorDelay="1"/' \
    -e 's/<Host name="localhost"/& undeployOldVersions="true"/' /etc/tomcat10/server.xml
    systemctl start --no-block tomcat10; systemctl start nginx
    for app in guestbook prices site; do useradd --system $app; done
    dpkg -i ${packagesAt}/old.deb; ln -s /usr/lib/strata-agent/bin/node /usr/bin/node`);
  await box.sh('cat > /etc/strata/agent.yaml', agentConfig(key));
  const said = await box.sh(`strata-agent init --name ${box.name}; systemctl start strata-agent`);
  const token = (await box.sh('strata-agent token new ann --scope admin 2>/dev/null')).trim();
  return { name: box.name, token, fingerprint: /^fingerprint +(\S+)$/m.exec(said)?.[1] ?? '' };
}

function letIn(home: string, entries: readonly Entry[]): void {
  const boxes = Object.fromEntries(entries.map(({ name, ...known }) => [name, known]));
  const file = path.join(home, 'strata/credentials.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ boxes }), { mode: 0o600 });
}
