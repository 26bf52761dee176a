import type { StackLayer } from '../merge/setting.ts';
import { lineIndex } from '../text/lines.ts';
import { fileStart } from '../text/range.ts';
import { emptyMapping, type LayerNode, type MappingNode } from '../yaml/tree.ts';
import type { Context } from './context.ts';

/** The slot of what Strata itself puts below all layers; it has no file. */
export const builtInSlot = 'built-in';

/**
 * What the merge starts from: the app's name, and in local and build mode the environment and the name of the
 * developer's machine. Follows yoconfigurator's bin/configurator.py.
 */
export function builtInLayer(of: Context): StackLayer {
  const facts = emptyMapping(fileStart);
  put(facts, 'app', of.app);
  if (of.mode !== 'deploy') {
    put(facts, 'environment', of.environment);
    if (of.hostname !== undefined) put(facts, 'local_hostname', of.hostname);
  }
  const root = emptyMapping(fileStart);
  root.entries.set('yoconfigurator', { keyRange: fileStart, value: facts });
  const layer = { file: '', text: '', lines: lineIndex(''), root, problems: [], stale: false };
  return { slot: builtInSlot, file: '', layer };
}

function put(mapping: MappingNode, key: string, value: string): void {
  const node: LayerNode = { kind: 'string', value, range: fileStart };
  mapping.entries.set(key, { keyRange: fileStart, value: node });
}
