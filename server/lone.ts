import { yoconfigurator } from '../core/layers/scheme.ts';
import { type Model, openModel } from '../core/workspace/model.ts';
import { defaultPolicy } from '../core/workspace/workspace.ts';

const folder = '/untitled';
const file = `${folder}/common.yaml`;

/** A text that has no place yet as the only layer of a workspace without apps: it has a form, and no contexts. */
export function loneText(text: string): { model: Model; file: string } {
  const source = {
    list: (path: string) => (path === folder ? [{ name: 'common.yaml', kind: 'file' as const }] : undefined),
    read: (path: string) => (path === file ? { text } : undefined),
  };
  const workspace = {
    root: folder,
    scheme: yoconfigurator,
    configs: [folder],
    apps: [],
    environments: [],
    merge: defaultPolicy,
    yaml: '1.2' as const,
    problems: [],
  };
  return { model: openModel(source, workspace), file };
}
