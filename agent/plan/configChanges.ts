import { settingAtPath } from '../../core/merge/resolve.ts';
import { winningSay } from '../../core/merge/setting.ts';
import type { MappingNode } from '../../core/yaml/tree.ts';
import type { ConfigChange } from '../../protocol/deploymentPlan.ts';
import { settingsOf } from '../configuration/configurationText.ts';
import type { ReleaseConfiguration } from '../configuration/render.ts';

/** Where the layers of a configuration are known. */
type Layers = Pick<ReleaseConfiguration, 'root' | 'stack' | 'placeText'>;

/** A configuration with its secrets hashed, and its layers as far as they are known. */
export interface Side {
  root: MappingNode;
  layers: Layers | undefined;
}

/** The settings whose effective value differs: in the order of the new configuration, then those that are no longer there. */
export function configChanges(before: Side, after: Side): ConfigChange[] {
  const [old, now] = [settingsOf(before.root), settingsOf(after.root)];
  const changed = [...now].flatMap(([setting, { path, json }]): ConfigChange[] => {
    const was = old.get(setting)?.json ?? null;
    return was === json ? [] : [{ setting, old: was, new: json, layer: layerOf(after.layers, path) }];
  });
  const gone = [...old].flatMap(([setting, { path, json }]): ConfigChange[] => {
    if (now.has(setting)) return [];
    const layer = layerOf(after.layers, path) || layerOf(before.layers, path);
    return [{ setting, old: json, new: null, layer }];
  });
  return [...changed, ...gone];
}

/** The place that gives a setting its value, or took it away; empty where that is not known. */
function layerOf(layers: Layers | undefined, path: readonly string[]): string {
  const setting = layers && settingAtPath(layers.root.entries, path);
  const say = setting && winningSay(setting);
  const layer = say && layers?.stack[say.layer];
  return layer === undefined || layer.file === '' || say === undefined || layers === undefined
    ? ''
    : layers.placeText(layer.file, say.keyRange.start);
}
