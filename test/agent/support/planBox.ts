import fs from 'node:fs';
import path from 'node:path';
import { configurationStep } from '../../../agent/configuration/step.ts';
import type { StepWork } from '../../../agent/deploy/step.ts';
import { sideFiles } from '../../../agent/deploy/steps/sideFiles.ts';
import { isSecretSetting } from '../../../agent/mask/secretSettings.ts';
import type { PlanBox, ThereRelease } from '../../../agent/plan/box.ts';
import { listTree } from '../../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../../artifact/archive/pack.ts';
import { type Repository, seriesOf } from '../../../artifact/repository/repository.ts';
import { upload } from '../../../artifact/repository/upload.ts';
import type { SigningKey } from '../../../artifact/signing/keys.ts';
import { ci, newFolder, newRepository } from '../../support/repository.ts';
import { writeFiles } from '../../support/workspaceFiles.ts';

/** What is published as a version. */
export interface Published {
  app: string;
  version: string;
  /** The files, as `//- /NAME` lines tell them; what is under `hooks` can be run. */
  files: string;
  metadata?: Record<string, string>;
  /** `undefined` for an artifact that nobody signs. */
  key?: SigningKey | undefined;
  compression?: 'zstd' | 'gzip';
}

/** Packs, signs and uploads a version of an app. */
export async function publish(repo: Repository, published: Published): Promise<void> {
  const { app, version, files, metadata, compression = 'gzip' } = published;
  const folder = writeFiles(files);
  for (const name of listTree(folder).map(String)) {
    if (name.includes('/hooks/')) fs.chmodSync(path.join(folder, name), 0o755);
  }
  const file = path.join(newFolder(), 'artifact');
  const sources = [{ root: folder, names: listTree(folder) }];
  await packArchiveFile(file, { top: app, sources, mtime: 1_700_000_000, compression });
  const key = 'key' in published ? published.key : ci;
  await upload(repo, seriesOf(app), { version, file, key, metadata });
}

/** A box for tests: releases in a root of its own, a repository beside it. */
export interface TestBox extends PlanBox {
  repository: Repository & { folder: string };
  /** Puts a release there and makes it the live one, as a deployment would. */
  deploy(app: string, version: string, files: string, more?: Partial<StepWork>): Promise<ThereRelease>;
  /** A context of steps for a release. */
  context(app: string, release: ThereRelease): StepWork;
  logged: string[];
}

/** A box in production/us that takes its central config as an artifact; parts may be said otherwise. */
export function testBox(more: Partial<Omit<PlanBox, 'repository'>> = {}): TestBox {
  const root = newFolder();
  const repository = newRepository();
  const logged: string[] = [];
  const live = new Map<string, ThereRelease[]>();
  const { signal } = new AbortController();
  const box: TestBox = {
    ...{
      root,
      repository,
      logged,
      steps: [],
      temporary: newFolder(),
      state: path.join(root, '.strata-agent'),
    },
    settings: {
      environment: 'production',
      cluster: 'us',
      central: { kind: 'artifact', app: 'configs', channel: 'master' },
    },
    live: async (app) => live.get(app)?.at(-1),
    previous: async (app) => live.get(app)?.at(-2),
    release: async (app, version) => live.get(app)?.find((one) => one.version === version),
    busy: async () => undefined,
    secrets: { isSecret: (path) => isSecretSetting(path), salt: Buffer.from('salt of this box') },
    ...more,
    context: (app, release) => ({
      ...{ app, version: release.version, release: release.path, previous: undefined, config: {} },
      configText: '{}',
      ...{ environment: box.settings.environment, cluster: box.settings.cluster, signal },
      log: (text) => logged.push(text),
      mask: () => undefined,
      ...{
        id: 'one',
        channel: 'master',
        metadata: {},
        root,
        user: undefined,
        options: {},
        isPlanned: false,
        owned: { list: '', files: new Map() },
      },
      side: sideFiles(newFolder()),
      keep: async () => undefined,
      kept: async () => undefined,
      ask: () => Promise.reject(new Error('nobody is asked here')),
      run: () => Promise.reject(new Error('nothing is run here')),
    }),
    async deploy(app, version, files, more = {}) {
      const release = { version, path: path.join(root, app, 'versions', version) };
      fs.mkdirSync(path.dirname(release.path), { recursive: true });
      fs.cpSync(writeFiles(files), release.path, { recursive: true });
      const step = configurationStep(box);
      const context = { ...box.context(app, release), ...more };
      await step.prepare?.(context);
      await step.deployed?.(context);
      live.set(app, [...(live.get(app) ?? []), release]);
      return release;
    },
  };
  return box;
}
