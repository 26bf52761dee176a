import fc from 'fast-check';

type Quote = '' | "'" | '"';
type Value = string | Line[];

interface Line {
  parts: string[];
  quote: Quote;
  /** A comment above and one behind. */
  above: boolean;
  behind: boolean;
  blank: boolean;
  flow: boolean;
  value: Value;
}

const part = fc.constantFrom('a', 'b', 'c d', "it's");
const scalar = fc.constantFrom(
  '1',
  '1',
  '2',
  '"1"',
  'yes',
  '"x # y"',
  '[a, b]',
  '[]',
  '!missing',
  '!deleted',
  "'a: b'",
  '*x',
  '!replace [a]',
  '|\n# text\n  more',
  '\n- a # one\n- b: 1\n  c: 2',
);

const { lines } = fc.letrec<{ lines: Line[]; value: Value }>((tie) => ({
  lines: fc.array(
    fc.record({
      parts: fc.array(part, { minLength: 1, maxLength: 2 }),
      quote: fc.constantFrom<Quote>('', "'", '"'),
      above: fc.boolean(),
      behind: fc.boolean(),
      blank: fc.boolean(),
      flow: fc.boolean(),
      value: tie('value') as fc.Arbitrary<Value>,
    }),
    { maxLength: 3 },
  ) as fc.Arbitrary<Line[]>,
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('lines'),
  ) as fc.Arbitrary<Value>,
}));

/** The text of a layer, with its comments numbered so that each can be told from the others. */
const layer = fc
  .record({
    content: lines,
    eol: fc.constantFrom('\n', '\r\n'),
    step: fc.constantFrom(1, 2, 4),
    anchored: fc.boolean(),
    last: fc.boolean(),
  })
  .map(({ content, eol, step, anchored, last }) => {
    const count = { value: 0 };
    const head = anchored ? ['base: &x {a: 1, b: {a: 2}}'] : ['# a layer', '', 'base: &x 1'];
    const text = [...head, ...content.flatMap((one) => written(one, '', step, count))].join(eol);
    return last ? text + eol : text;
  });

function written(
  { parts, quote, above, behind, blank, flow, value }: Line,
  indent: string,
  step: number,
  count: { value: number },
): string[] {
  const name = parts.join('.');
  const inner = quote === "'" ? name.replaceAll("'", "''") : name;
  const key = `${indent}${quote}${inner}${quote}:`;
  const next = () => {
    count.value++;
    return `# note ${count.value}`;
  };
  const head = [...(blank ? [''] : []), ...(above ? [indent + next()] : [])];
  const note = behind ? `   ${next()}` : '';
  const deeper = indent + ' '.repeat(step);
  if (typeof value === 'string') {
    const [first = '', ...rest] = value.split('\n');
    const behindFirst = first === '' ? key : `${key} ${first}`;
    const isDashed = rest[0]?.startsWith('-');
    return [
      ...head,
      behindFirst + note,
      ...rest.map((line) => (isDashed && step === 1 ? indent : deeper) + line),
    ];
  }
  if (flow || value.length === 0) return [...head, `${key} ${inFlow(value)}${note}`];
  return [...head, key + note, ...value.flatMap((one) => written(one, deeper, step, count))];
}

function inFlow(value: Value): string {
  if (typeof value === 'string')
    return value.includes('\n') ? '"in lines"' : value.startsWith('*') ? `${value} ` : value;
  return `{${value.map((one) => `"${one.parts.join('.')}": ${inFlow(one.value)}`).join(', ')}}`;
}

/** The layers that the workspaces have. */
export const anyLayerFiles: readonly string[] = [
  '/w/configs/common.yaml',
  '/w/configs/common-qa.yaml',
  '/w/configs/common-prod.yaml',
  '/w/configs/common-test.yaml',
  '/w/shop/deploy/configuration/shop-default.yaml',
  '/w/shop/deploy/configuration/shop-qa.yaml',
];

/** Workspaces of two apps and three environments, whose layers are written in every way. */
export const anyWorkspace: fc.Arbitrary<Map<string, string>> = fc
  .tuple(
    fc.array(layer, { minLength: anyLayerFiles.length, maxLength: anyLayerFiles.length }),
    fc.option(fc.tuple(fc.nat(), fc.nat())),
  )
  .map(([layers, same]) => {
    // What environments share is rare unless some layers are the same.
    if (same) layers[same[0] % layers.length] = layers[same[1] % layers.length]!;
    const texts = new Map(anyLayerFiles.map((file, index) => [file, layers[index]!]));
    texts.set(
      '/w/strata.yaml',
      'configs: [configs]\napps: {shop: shop, site: site}\nenvironments: [qa, prod, test]\n',
    );
    return texts;
  });
