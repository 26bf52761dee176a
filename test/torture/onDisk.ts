import fs from 'node:fs';
import path from 'node:path';
import { diskSource } from '../../disk/diskSource.ts';
import type { EffectiveDocument } from '../../protocol/effective.ts';
import type { Editor } from './editor.ts';
import type { WalkedDisk } from './walk.ts';
import type { World } from './world.ts';

/**
 * Files in a real folder, which the server watches by itself. That it has seen all changes shows in a layer that no step
 * touches: a number in it is changed last, and events come in the order of the changes.
 */
export function foldersOnDisk(base: string): WalkedDisk {
  const written = new Map<string, string>();
  let round = 0;
  return {
    base,
    source: diskSource(),
    prepare(world) {
      for (const app of ['shop', 'site', 'api']) {
        for (const folder of ['configuration/local', 'templates']) {
          fs.mkdirSync(path.join(base, 'main', app, 'deploy', folder), { recursive: true });
        }
      }
      bringTo(world, base, written, round);
    },
    async follow(world, editor) {
      round++;
      bringTo(world, base, written, round);
      while (!(await hasSeen(world, editor, round)));
    },
  };
}

/** Writes and deletes what differs; the layer with the number last. */
function bringTo({ disk }: World, base: string, written: Map<string, string>, round: number): void {
  for (const file of written.keys()) {
    if (disk.has(file)) continue;
    fs.rmSync(file);
    written.delete(file);
  }
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  for (const [file, text] of disk) {
    if (written.get(file) === text) continue;
    write(file, text);
    written.set(file, text);
  }
  write(`${base}/main/configs/common-production-eu.yaml`, `round: ${round}\n`);
}

async function hasSeen({ contexts }: World, editor: Editor, round: number): Promise<boolean> {
  await editor.settle();
  const reader = contexts.find(({ cluster }) => cluster === 'eu');
  if (reader === undefined) return true;
  const answer = await editor.ask({ method: 'strata/effectiveDocument', params: reader });
  return (answer as EffectiveDocument | null)?.text.includes(`round: ${round}`) ?? false;
}
