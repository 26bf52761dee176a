import { readPublicData } from '../../render/publicData.ts';
import type { Model } from '../../workspace/model.ts';
import { type App, contextsOf } from '../../workspace/workspace.ts';
import { isPlainSafe } from '../../yaml/quoting.ts';
import type { LayerNode, MappingNode } from '../../yaml/tree.ts';
import type { Completion } from './completion.ts';
import { spotAt } from './spot.ts';

/** The settings of an app that its list of public settings does not name yet, as dotted keys. */
export function publicCompletions(model: Model, app: App, file: string, offset: number): Completion[] {
  const content = model.read(file);
  const text = content !== undefined && 'text' in content ? content.text : '';
  const spot = spotAt(text, offset);
  if (spot?.kind !== 'item' || spot.path.length > 0) return [];
  const named = readPublicData(model, app)?.keys ?? [];
  const others = named.filter((key) => key.range.start !== spot.range.start);
  const present = new Set(others.map((key) => key.name));
  const paths = [...settingsOf(model, app)].filter(([name]) => !present.has(name));
  const quote = /^["']/.exec(text.slice(spot.range.start, spot.range.end))?.[0];
  const space = text[spot.range.start - 1] === '-' ? ' ' : '';
  return paths.map(([name, kind]) => {
    const written = quote === undefined && isPlainSafe(name, true) ? name : JSON.stringify(name);
    return {
      label: name,
      kind: kind === 'mapping' ? 'group' : 'setting',
      detail: kind,
      sort: name,
      edit: { range: spot.range, text: space + written },
      setting: name.split('.'),
      ...(written === name ? {} : { filter: written }),
    };
  });
}

/** Every path that some layer of the app has, with the kind of the first value there. */
function settingsOf(model: Model, app: App): Map<string, LayerNode['kind']> {
  const paths = new Map<string, LayerNode['kind']>();
  const seen = new Set<MappingNode>();
  for (const of of contextsOf(model.workspace, app.name)) {
    for (const { layer } of model.stack(of)) {
      if (!seen.has(layer.root)) gather(paths, layer.root, '');
      seen.add(layer.root);
    }
  }
  return paths;
}

function gather(paths: Map<string, LayerNode['kind']>, mapping: MappingNode, above: string): void {
  for (const [key, { value }] of mapping.entries) {
    if (key.includes('.') || value.kind === 'deleted') continue;
    const path = `${above}${key}`;
    if (!paths.has(path)) paths.set(path, value.kind);
    if (value.kind === 'mapping') gather(paths, value, `${path}.`);
  }
}
