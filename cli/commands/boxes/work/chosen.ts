import type { Box } from '../../../../core/workspace/boxSettings.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { UsageError, WorkError } from '../../../failure.ts';
import { alternatives, openWorkspace } from '../../../workspace.ts';
import type { BoxOptions } from '../options.ts';

/** The boxes of the manifest that are meant, in its order. What names none is a mistake of the call. */
export function chosenBoxes(names: readonly string[], options: BoxOptions): Box[] {
  const { workspace } = openWorkspace(options.directory);
  const mistake = workspace.problems.find((one) => one.severity === 'error');
  // A manifest with a mistake may mean other machines than it says.
  if (mistake !== undefined) {
    throw new WorkError(`${mistake.file}: ${mistake.message} (strata lint tells where)`);
  }
  const boxes = boxesOf(workspace);
  for (const name of names) {
    const known = boxes.map((one) => one.name);
    if (!known.includes(name)) throw new UsageError(`there is no box ${name}.${alternatives(name, known)}`);
  }
  const labels = (options.label ?? []).map(readLabel);
  const fitting = boxes.filter((one) => fits(one, names, options, labels));
  if (fitting.length === 0) throw new UsageError(`no box of the manifest is like that; all: strata boxes`);
  return fitting;
}

function boxesOf({ boxes = [], manifest, root }: Workspace): Box[] {
  if (boxes.length > 0) return boxes;
  throw new UsageError(
    `there are no boxes: name them under \`boxes\` in ${manifest ?? `a manifest, ${root}/strata.yaml`}`,
  );
}

type Label = [key: string, value: string | undefined];

/** `rack=r1`, or `canary` for any value. */
function readLabel(text: string): Label {
  const at = text.indexOf('=');
  const key = at < 0 ? text : text.slice(0, at);
  if (key === '') throw new UsageError(`${JSON.stringify(text)} is no label: write KEY=VALUE, or KEY`);
  return [key, at < 0 ? undefined : text.slice(at + 1)];
}

function fits(box: Box, names: readonly string[], options: BoxOptions, labels: readonly Label[]): boolean {
  const { env = box.environment, cluster = box.cluster, app } = options;
  return (
    (names.length === 0 || names.includes(box.name)) &&
    env === box.environment &&
    cluster === box.cluster &&
    (app === undefined || (box.apps?.includes(app) ?? true)) &&
    labels.every(([key, value]) =>
      value === undefined ? Object.hasOwn(box.labels, key) : box.labels[key] === value,
    )
  );
}
