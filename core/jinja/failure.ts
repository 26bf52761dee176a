/** Why a template could not be rendered. All but `refused` and `limit` fail in Jinja2 as well. */
export type FaultKind = 'syntax' | 'undefined' | 'failed' | 'not-found' | 'refused' | 'limit';

/** What this renderer does not do although Jinja2 may (docs/templates.md lists them). */
export const refusals = {
  filter: 'this filter is not rendered',
  global: 'this function of Jinja2 is not rendered',
  method: 'this method is not rendered',
  attribute: "Python's inner attributes are not rendered",
  print: 'the text of such a value differs from run to run or from Python to Python',
  number: 'the digits of this result are not certain to be those of Python',
  letters: 'what Python does with these letters depends on its version',
  format: 'this conversion is not rendered',
  markup: 'text that is marked as safe can be printed and joined by `~`, and nothing else',
  identity: 'whether two such values are one object is not told',
  nesting: 'it is nested too deeply',
  statement: 'this form of the statement is not rendered',
  comparison: 'such values are not compared',
} as const;

export type Refusal = keyof typeof refusals;

/** What went wrong while reading or rendering, before its place is turned into a line and column. */
export interface Fault {
  kind: FaultKind;
  message: string;
  refusal?: Refusal;
  /** The dotted path of the setting that is not there. */
  setting?: string;
  /** Where, if it is not the place that was worked on last. */
  place?: Place;
}

/** A place in a template. */
export interface Place {
  template: string;
  offset: number;
}

/** How faults travel within the renderer; they never leave it. */
interface Thrown extends Error {
  fault: Fault;
}

/** Ends the rendering. */
export function raise(fault: Fault): never {
  throw Object.assign(new Error(fault.message), { fault });
}

/** Ends the rendering where Jinja2 would fail too. */
export function fail(message: string): never {
  raise({ kind: 'failed', message });
}

/** Ends the rendering where Jinja2 might go on. */
export function refuse(refusal: Refusal, what: string, advice: string): never {
  raise({ kind: 'refused', refusal, message: `${what}: ${refusals[refusal]}. ${advice}` });
}

/** Ends the rendering because it would take too much. */
export function exceed(what: string): never {
  raise({ kind: 'limit', message: `${what}: this is more than a template may use. Make it smaller.` });
}

/** The fault that was thrown; anything else but a full stack is an error of the renderer itself. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Error && 'fault' in thrown) return (thrown as Thrown).fault;
  if (thrown instanceof RangeError)
    return {
      kind: 'limit',
      message: 'The template needs too much room or nests too deeply. Make it smaller.',
    };
  throw thrown;
}
