import { layerStem, type Scheme } from '../../layers/scheme.ts';
import { slotName } from '../../layers/stack.ts';
import { baseName, folderOf, joinPath } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';

/** A layer of one environment with the layers of the same kind. */
export interface EnvironmentLayers {
  /** The environment that the layer is for. */
  environment: string;
  /** By environment, the layer of the same kind, be it there or not. */
  files: Map<string, string>;
  /** The layer below them that all environments read, be it there or not. */
  shared: string | undefined;
}

/** The layers of the same kind for the other environments; `undefined` for a layer that names no environment alone. */
export function environmentLayers(model: Model, file: string): EnvironmentLayers | undefined {
  const { scheme, environments } = model.workspace;
  const folder = folderOf(file);
  const stem = layerStem(scheme, baseName(file))?.stem;
  for (const of of model.readers(file)) {
    const pattern = scheme.slots.find(
      ({ name }) => name.endsWith('-{env}') && slotName(scheme, name, of) === stem,
    );
    if (pattern === undefined) continue;
    const head = pattern.name.slice(0, -'-{env}'.length).replace('{app}', of.app);
    const names = environments.map(({ name }): [string, string] => [
      name,
      fileFor(model, folder, `${head}-${name}`),
    ]);
    const shared = sharedSlot(scheme, pattern, of.app);
    return {
      environment: of.environment,
      files: new Map(names),
      shared: shared === undefined ? undefined : fileFor(model, folder, shared),
    };
  }
  return undefined;
}

/** The slot below that is named alike without an environment: `common`, `shop-default`. */
function sharedSlot(scheme: Scheme, pattern: Scheme['slots'][number], app: string): string | undefined {
  const head = pattern.name.slice(0, -'-{env}'.length);
  const below = scheme.slots.slice(0, scheme.slots.indexOf(pattern));
  const slot = below.findLast(
    ({ name, where, modes }) =>
      where === pattern.where && modes === undefined && (name === head || name === `${head}-default`),
  );
  return slot?.name.replace('{app}', app);
}

function fileFor(model: Model, folder: string, stem: string): string {
  const { endings } = model.workspace.scheme;
  const there = model.names(folder);
  const ending = endings.find((one) => there.has(stem + one)) ?? endings[0] ?? '';
  return joinPath(folder, stem + ending);
}
