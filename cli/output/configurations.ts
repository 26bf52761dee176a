import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Context } from '../../core/layers/context.ts';
import type { EffectiveMapping } from '../../core/merge/setting.ts';
import { compactStyle, configurationJson, effectiveJson } from '../../core/render/json.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { UsageError } from '../failure.ts';
import { writeTogether } from '../writeTogether.ts';

/** Where the configurations of many contexts go. */
export interface Configurations {
  /** Whether it takes public configurations too. */
  holdPublic: boolean;
  put(of: Context, whole: EffectiveMapping, open: EffectiveMapping | undefined): void;
  /** Waits until there is room for more. */
  flush(): Promise<void>;
}

/** One line of JSON a context (docs/cli.md), written as text so that integers keep all their digits. */
export function configurationLines(stream: NodeJS.WriteStream): Configurations {
  let lines = '';
  return {
    holdPublic: false,
    put({ app, environment, cluster }, whole) {
      const head = JSON.stringify({ app, environment, cluster: cluster ?? null });
      lines += `${head.slice(0, -1)},"configuration":${effectiveJson(whole, compactStyle)}}\n`;
    },
    async flush() {
      const hasRoom = stream.write(lines);
      lines = '';
      if (!hasRoom) await new Promise((resolve) => stream.once('drain', resolve));
    },
  };
}

/**
 * Files below a folder, `APP/ENV[-CLUSTER].json` and beside it `.public.json`: each appears whole, and neither of the
 * two if either cannot be written.
 */
export function configurationFiles(workspace: Workspace, folder: string): Configurations {
  refuseSameNames(workspace);
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(`${folder} is no folder`);
  }
  return {
    holdPublic: true,
    put(of, whole, open) {
      const inApp = path.join(folder, of.app);
      fs.mkdirSync(inApp, { recursive: true });
      const [file, publicFile] = fileNames(of);
      const files = [{ file: path.join(inApp, file), text: configurationJson(whole) }];
      if (open) files.push({ file: path.join(inApp, publicFile), text: configurationJson(open) });
      // After a failure of the power they can be rendered again.
      writeTogether(files, false);
    },
    flush: () => setImmediate(),
  };
}

function fileNames({ environment, cluster }: Pick<Context, 'environment' | 'cluster'>): [string, string] {
  const stem = cluster === undefined ? environment : `${environment}-${cluster}`;
  return [`${stem}.json`, `${stem}.public.json`];
}

/** An environment `qa-us` and a cluster `us` of `qa` would have one file. */
function refuseSameNames({ environments }: Workspace): void {
  const contexts = environments.flatMap(({ name, clusters }) =>
    (clusters.length === 0 ? [undefined] : clusters).map((cluster) => ({
      environment: name,
      ...(cluster === undefined ? {} : { cluster }),
    })),
  );
  const names = contexts.flatMap(fileNames);
  const twice = names.find((name, index) => names.includes(name, index + 1));
  if (twice !== undefined) {
    throw new UsageError(`two environments or clusters would be written to ${twice}: leave --output out`);
  }
}
