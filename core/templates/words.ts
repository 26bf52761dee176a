/** What a variable, and so what stands behind a dot, may be called. */
export const identifier: RegExp = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** The methods of Python's mappings: behind a dot they come before a setting of that name. */
export const mappingMethods: ReadonlySet<string> = new Set(
  'clear copy fromkeys get items keys pop popitem setdefault update values'.split(' '),
);

/** The methods of all that a setting can be. */
export const pythonMethods: ReadonlySet<string> = new Set([
  ...mappingMethods,
  ...(
    'append count extend index insert remove reverse sort ' +
    'capitalize casefold center encode endswith expandtabs find format format_map isalnum isalpha isascii isdecimal ' +
    'isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans ' +
    'partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines ' +
    'startswith strip swapcase title translate upper zfill ' +
    'as_integer_ratio bit_count bit_length conjugate from_bytes fromhex hex is_integer to_bytes real imag numerator denominator'
  ).split(' '),
]);

/** Jinja's filters, with what each does. */
export const filters: Readonly<Record<string, string>> = {
  default: 'A value for what is undefined',
  abs: 'The absolute value',
  batch: 'Lists of a given length',
  capitalize: 'The first letter in upper case',
  center: 'Centred in a width',
  dictsort: 'Pairs of a mapping, sorted by key',
  escape: 'HTML characters escaped',
  first: 'The first element',
  float: 'As a number with decimals',
  forceescape: 'HTML characters escaped, also twice',
  format: 'Values put into a printf text',
  groupby: 'Groups of one attribute',
  indent: 'Lines indented',
  int: 'As an integer',
  items: 'Pairs of a mapping',
  join: 'One text of all elements',
  last: 'The last element',
  length: 'The number of elements',
  list: 'As a list',
  lower: 'In lower case',
  map: 'A filter or attribute of each element',
  max: 'The largest element',
  min: 'The smallest element',
  pprint: 'Printed for reading',
  random: 'Any element',
  reject: 'Elements that fail a test',
  rejectattr: 'Elements whose attribute fails a test',
  replace: 'One text in place of another',
  reverse: 'From the end to the beginning',
  round: 'Rounded to a precision',
  safe: 'Not to be escaped',
  select: 'Elements that pass a test',
  selectattr: 'Elements whose attribute passes a test',
  slice: 'A number of lists',
  sort: 'Sorted',
  string: 'As text',
  striptags: 'Without HTML tags',
  sum: 'The sum of all elements',
  title: 'Each word with an upper case letter',
  tojson: 'As JSON',
  trim: 'Without blanks at both ends',
  truncate: 'Cut to a length',
  unique: 'Each element once',
  upper: 'In upper case',
  urlencode: 'Escaped for a URL',
  urlize: 'URLs as links',
  wordcount: 'The number of words',
  wordwrap: 'Wrapped at a width',
  xmlattr: 'As XML attributes',
};

/** Jinja's tests, with what each asks. */
export const tests: Readonly<Record<string, string>> = {
  defined: 'It is there',
  undefined: 'It is not there',
  boolean: 'It is true or false',
  callable: 'It can be called',
  divisibleby: 'A number divides it',
  eq: 'It equals',
  even: 'It is an even number',
  false: 'It is false',
  filter: 'A filter has this name',
  float: 'It is a number with decimals',
  ge: 'It is at least',
  gt: 'It is more than',
  in: 'It is among',
  integer: 'It is an integer',
  iterable: 'It can be looped over',
  le: 'It is at most',
  lower: 'It is in lower case',
  lt: 'It is less than',
  mapping: 'It is a mapping',
  ne: 'It does not equal',
  none: 'It is null',
  number: 'It is a number',
  odd: 'It is an odd number',
  sameas: 'It is the same object',
  sequence: 'It is a list or text',
  string: 'It is text',
  test: 'A test has this name',
  true: 'It is true',
  upper: 'It is in upper case',
};

/** Jinja's statements, with what each does. */
export const tags: Readonly<Record<string, string>> = {
  if: 'What follows, where a condition holds',
  elif: 'Where this condition holds instead',
  else: 'Where no condition held, or nothing was looped over',
  endif: 'The end of `if`',
  for: 'What follows, once for each element',
  endfor: 'The end of `for`',
  set: 'A variable',
  endset: 'The end of the text of a variable',
  with: 'Variables for a stretch',
  endwith: 'The end of `with`',
  macro: 'A piece of template with parameters',
  endmacro: 'The end of `macro`',
  call: 'A macro with a body',
  endcall: 'The end of `call`',
  filter: 'A filter for a stretch',
  endfilter: 'The end of `filter`',
  include: 'Another template put in here',
  import: 'The macros of another template',
  from: 'Some macros of another template',
  extends: 'The template that this one fills in',
  block: 'A part that can be filled in',
  endblock: 'The end of `block`',
  raw: 'Text with braces that are no template',
  endraw: 'The end of `raw`',
  autoescape: 'Whether values are escaped',
  endautoescape: 'The end of `autoescape`',
};

/** Filters that reach into elements by the names in their arguments. */
export const reachingFilters: ReadonlySet<string> = new Set(
  'attr groupby map max min rejectattr selectattr sort sum unique'.split(' '),
);

/** Names that Jinja gives, and that hold nothing of ours. */
export const builtInNames: ReadonlySet<string> = new Set(
  'loop range lipsum dict cycler joiner namespace self super caller varargs kwargs _ gettext ngettext'.split(
    ' ',
  ),
);
