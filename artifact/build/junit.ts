import { XMLParser } from 'fast-xml-parser';

/** What the reports of tests say, summed up. */
export interface TestSummary {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
  /** The names of those that failed, in the order of the reports. */
  failing: string[];
}

export const noTests: TestSummary = { tests: 0, failures: 0, errors: 0, skipped: 0, failing: [] };

export function addSummaries(one: TestSummary, other: TestSummary): TestSummary {
  return {
    tests: one.tests + other.tests,
    failures: one.failures + other.failures,
    errors: one.errors + other.errors,
    skipped: one.skipped + other.skipped,
    failing: [...one.failing, ...other.failing],
  };
}

/** An element as the parser gives it: its name with what is inside, and its attributes. */
type Element = Record<string, unknown>;

const attributes = ':@';

/**
 * Sums up a JUnit report by its test cases, since what suites count of them differs from tool to tool. Entities that the
 * report defines are left as they are: nothing can grow.
 * @returns `undefined` for a text that is no JUnit report.
 */
export function readJunit(xml: string): TestSummary | undefined {
  let root: unknown;
  try {
    root = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      processEntities: false,
      parseAttributeValue: false,
      parseTagValue: false,
    }).parse(xml, true);
  } catch {
    return undefined;
  }
  const suites = elementsOf(root).filter((one) => /^testsuites?$/.test(nameOf(one)));
  if (suites.length === 0) return undefined;
  return suites.flatMap(testCases).map(summaryOf).reduce(addSummaries, noTests);
}

/** The test cases of an element, at any depth; not by recursion, since a report may be nested on purpose. */
function testCases(suite: Element): Element[] {
  const found: Element[] = [];
  const open = [suite];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (nameOf(one) === 'testcase') found.push(one);
    else open.push(...elementsOf(one[nameOf(one)]).reverse());
  }
  return found;
}

function summaryOf(testCase: Element): TestSummary {
  const outcomes = new Set(elementsOf(testCase.testcase).map(nameOf));
  const isFailure = outcomes.has('failure');
  const isError = !isFailure && outcomes.has('error');
  return {
    tests: 1,
    failures: isFailure ? 1 : 0,
    errors: isError ? 1 : 0,
    skipped: outcomes.has('skipped') ? 1 : 0,
    failing: isFailure || isError ? [titleOf(testCase)] : [],
  };
}

/** `CLASS NAME`, as people find it again; some tools write the word `test` for the class. */
function titleOf(testCase: Element): string {
  const { classname, name } = (testCase[attributes] ?? {}) as Record<string, unknown>;
  const parts = [classname === 'test' ? undefined : classname, name];
  const title = parts
    .filter((part) => typeof part === 'string' && part !== '')
    .map((part) => plain(`${part}`));
  return title.length === 0 ? '(a test without a name)' : title.join(' ');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The entities that every XML knows, on one line. */
function plain(text: string): string {
  const read = text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,4}));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
  return read.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

function elementsOf(inside: unknown): Element[] {
  return Array.isArray(inside) ? inside.filter((one) => typeof one === 'object' && one !== null) : [];
}

function nameOf(element: Element): string {
  return Object.keys(element).find((key) => key !== attributes) ?? '';
}
