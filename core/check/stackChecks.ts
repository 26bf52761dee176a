import { factTree } from '../index/factTree.ts';
import { builtInLayer } from '../layers/builtIn.ts';
import { contextLabel } from '../layers/context.ts';
import type { StackLayer } from '../merge/setting.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import { emptyMapping } from '../yaml/tree.ts';
import { type CheckedStack, checkStack } from './appCheck.ts';
import type { AppStacks, ContextFiles } from './appStacks.ts';
import { type Region, speakersIn, wantsIn } from './region.ts';

/** Checks stacks of layers made of facts, for one pass over some apps. */
export interface StackChecks {
  /** What a context's layers give. */
  check(stacks: AppStacks, context: ContextFiles): CheckedStack;
  /** A layer with its tree made of facts. */
  layer(file: string): Layer;
}

/** Layers that were made before. */
type MadeLayers = Map<string, Layer>;

/**
 * Checks everything: every layer with all that it says.
 * @param keptIn where a layer is kept that others need as well.
 */
export function wholeChecks(model: Model, keptIn: (file: string) => MadeLayers | undefined): StackChecks {
  const own: MadeLayers = new Map();
  const layers = factLayers(model, undefined, (file) => keptIn(file) ?? own);
  return {
    layer: layers,
    check({ files }, { of, files: stack }) {
      const others = [...files].map(layers);
      return checkStack([builtInLayer(of), ...stack.map(at(layers))], model.workspace.merge, others);
    },
  };
}

/**
 * Checks a region alone: only the layers that have a say in it, with what they say of it. Contexts in which the same
 * layers speak give the same, so they are looked at once, in however many apps.
 * @param speakers the files that may have a say.
 */
export function regionChecks(
  model: Model,
  region: Region,
  speakers: ReadonlySet<string> = speakersIn(region, model.store.postings),
): StackChecks {
  const made: MadeLayers = new Map();
  const layers = factLayers(model, region, () => made);
  // Every layer has keys of its own at the top.
  const hasTop = region.keys.has(0);
  const isSpeaker = (file: string) => hasTop || speakers.has(file);
  const withBuiltIn = mayHoldBuiltIn(model, region);
  const known = new Map<string, CheckedStack>();
  const speakersOf = new WeakMap<AppStacks, string[]>();
  return {
    layer: layers,
    check(stacks, { of, files }) {
      const others = speakersOf.get(stacks) ?? [...stacks.files].filter(isSpeaker);
      speakersOf.set(stacks, others);
      const stack = files.filter(({ file }) => isSpeaker(file));
      const top = withBuiltIn ? `${of.app} ${contextLabel(of)}` : '';
      // What looks mistyped hangs on the app's other layers, too.
      const key = [top, ...stack.map(({ file }) => file), '', ...others].join('\n');
      const done = known.get(key);
      if (done !== undefined) return done;
      const whole = [...(withBuiltIn ? [builtInLayer(of)] : []), ...stack.map(at(layers))];
      const result = checkStack(whole, model.workspace.merge, others.map(layers));
      known.set(key, result);
      return result;
    },
  };
}

function at(layers: (file: string) => Layer) {
  return ({ slot, file }: { slot: string; file: string }): StackLayer => ({
    slot,
    file,
    layer: layers(file),
  });
}

/** Whether what Strata itself puts below all layers lies in the region. */
function mayHoldBuiltIn({ store }: Model, { whole, keys, above }: Region): boolean {
  const own = store.paths.find(['yoconfigurator']);
  return keys.has(0) || (own !== undefined && (whole.has(own) || keys.has(own) || above.has(own)));
}

/** Layers with trees made of facts, each made once. */
function factLayers(
  model: Model,
  region: Region | undefined,
  keptIn: (file: string) => MadeLayers,
): (file: string) => Layer {
  const { store } = model;
  const { paths } = store;
  const wants = region && wantsIn(region);
  return (file) => {
    const made = keptIn(file);
    const known = made.get(file);
    if (known !== undefined) return known;
    const facts = store.facts(file);
    const layer = store.layer(file);
    const root =
      facts === undefined || layer === undefined
        ? emptyMapping({ start: 0, end: 0 })
        : factTree({ paths, facts, root: () => layer.root, ...(wants ? { wants } : {}) });
    const one: Layer = {
      file,
      get text() {
        return layer?.text ?? '';
      },
      get lines() {
        return layer?.lines ?? model.lines(file);
      },
      root,
      problems: layer?.problems ?? [],
      stale: layer?.stale ?? false,
    };
    made.set(file, one);
    return one;
  };
}
