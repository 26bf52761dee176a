import { lineStarts, positionAt } from '../text/lines.ts';
import { type Fault, type FaultKind, faultOf, type Refusal } from './failure.ts';
import type { Services } from './filters/filter.ts';
import { applyFilter } from './filters/table.ts';
import { globalsFor } from './globals.ts';
import { parseTemplate } from './parser/statement.ts';
import { newBudget } from './run/budget.ts';
import { newContext, renderRoot } from './run/composition.ts';
import type { Run } from './run/frame.ts';
import { applyTest } from './tests.ts';
import type { Value } from './value.ts';

/** A template to be rendered. */
export interface RenderRequest {
  /** Its path below the folder of templates. */
  name: string;
  text: string;
  variables: ReadonlyMap<string, Value>;
  /** The text of another template by its path below that folder; nothing where there is none. */
  load?(name: string): string | undefined;
}

/** Why a template could not be rendered, and where. */
export interface RenderFault {
  kind: FaultKind;
  message: string;
  /** The template that it is in: the one asked for, or one that it includes. */
  template: string;
  offset: number;
  /** Counted from 1, as people do; `column` in UTF-16 code units. */
  line: number;
  column: number;
  /** Of kind `undefined`: the dotted path in the configuration. */
  setting?: string;
  /** Of kind `refused`: which of the things that are not rendered. */
  refusal?: Refusal;
}

export type RenderResult = { text: string } | { fault: RenderFault };

/**
 * Renders a template, to the byte as Jinja2 3.1 does with `undefined=StrictUndefined`, `keep_trailing_newline=True` and
 * all else as it is by default. What it cannot render so, it refuses. Never throws; gives the first fault.
 */
export function renderTemplate({ name, text, variables, load }: RenderRequest): RenderResult {
  const texts = new Map([[name, text]]);
  const run = newRun(name, (path) => remember(texts, path, load?.(path)));
  try {
    const template = parseTemplate(name, text);
    run.templates.set(name, template);
    const out: string[] = [];
    renderRoot(run, template, newContext(template, variables), out);
    return { text: out.join('') };
  } catch (thrown) {
    return { fault: placed(faultOf(thrown), run, texts) };
  }
}

function remember(texts: Map<string, string>, path: string, text: string | undefined): string | undefined {
  if (text !== undefined) texts.set(path, text);
  return text;
}

function newRun(name: string, load: Run['load']): Run {
  const budget = newBudget();
  const services: Services = {
    budget,
    filter: (filter, value, given) => applyFilter(filter, value, given, services),
    test: (test, value, given) => applyTest(test, value, given, services),
  };
  return {
    budget,
    services,
    globals: globalsFor(budget),
    load,
    templates: new Map(),
    modules: new Map(),
    place: { template: name, offset: 0 },
    symbols: new WeakMap(),
  };
}

function placed(
  { kind, message, setting, refusal, place }: Fault,
  run: Run,
  texts: ReadonlyMap<string, string>,
): RenderFault {
  const { template, offset } = place ?? run.place;
  const { line, character } = positionAt(lineStarts(texts.get(template) ?? ''), offset);
  return {
    kind,
    message,
    template,
    offset,
    line: line + 1,
    column: character + 1,
    ...(setting === undefined ? {} : { setting }),
    ...(refusal && { refusal }),
  };
}
