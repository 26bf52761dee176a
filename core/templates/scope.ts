import type { Condition, Origin, Template, TemplateReference } from './template.ts';

/** What a variable stands for: a setting, or a value that may come from some. */
export type Binding =
  | { kind: 'setting'; origin: Origin; optional: readonly number[]; absent: TemplateReference['absent'] }
  | { kind: 'value'; origins: readonly Origin[] | 'anything' };

/** The kinds of statements that have an end. */
export type FrameKind = 'if' | 'for' | 'with' | 'macro' | 'call' | 'block';

/** A statement that is open. */
interface Frame {
  kind: FrameKind;
  /** What was bound before, to be put back at its end, the last one first. */
  undo: [string, Binding | undefined][];
  /** Names that some branch of an `if` gave a value. */
  touched: Set<string>;
  /** What held outside of it. */
  outer: Condition | undefined;
  /** What holds where the branches so far were not taken. */
  failed: Condition | undefined;
}

/** What is known while a template is read from top to bottom. */
export interface Reading {
  text: string;
  template: Template;
  bindings: Map<string, Binding>;
  frames: Frame[];
  open: Map<FrameKind, number>;
  condition: Condition | undefined;
}

/** Deeper statements have no variables of their own: nobody nests so deep, and reading stays quick. */
const mostFrames = 100;

export function startReading(text: string, template: Template): Reading {
  const roots = (['conf', 'aconf', 'cconf'] as const).map((root): [string, Binding] => [
    root,
    { kind: 'setting', origin: { root, path: [] }, optional: [], absent: 'undefined' },
  ]);
  return { text, template, bindings: new Map(roots), frames: [], open: new Map(), condition: undefined };
}

/** Gives a variable a value, for as long as the innermost statement lasts. */
export function bind(reading: Reading, name: string, binding: Binding): void {
  const frame = reading.frames[Math.min(reading.frames.length, mostFrames) - 1];
  frame?.undo.push([name, reading.bindings.get(name)]);
  reading.bindings.set(name, binding);
}

/** Begins a statement that has an end. */
export function enter(reading: Reading, kind: FrameKind): void {
  const { condition, frames, open } = reading;
  frames.push({ kind, undo: [], touched: new Set(), outer: condition, failed: condition });
  open.set(kind, (open.get(kind) ?? 0) + 1);
}

/** Ends the innermost statement of the kind, with what is left open in it; nothing where none is open. */
export function leave(reading: Reading, kind: FrameKind): void {
  const { frames, open } = reading;
  if ((open.get(kind) ?? 0) === 0) return;
  for (;;) {
    endBranch(reading);
    const frame = frames.pop();
    if (frame === undefined) return;
    open.set(frame.kind, (open.get(frame.kind) ?? 1) - 1);
    reading.condition = frame.outer;
    // Which branch gave the value cannot be known.
    for (const name of frame.touched) bind(reading, name, { kind: 'value', origins: 'anything' });
    if (frame.kind === kind) return;
  }
}

/** Ends a branch of the innermost statement: its variables are what they were before. */
export function endBranch({ frames, bindings }: Reading): void {
  const frame = frames.at(-1);
  if (frame === undefined) return;
  for (const [name, before] of frame.undo.reverse()) {
    if (before === undefined) bindings.delete(name);
    else bindings.set(name, before);
    if (frame.kind === 'if') frame.touched.add(name);
  }
  frame.undo = [];
}
