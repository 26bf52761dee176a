/** Anything shorter is not hidden. */
export const shortestSecret = 4;

/** Longer ones are looked for in pieces. */
const longestForm = 4096;

/** How `base64` and PEM files break lines. */
const wraps = [76, 64];

/** All that a secret may look like in a line; nothing shorter than four characters. */
export function formsOf(secret: string): string[] {
  const values = new Set([secret, ...secret.split(/\r\n|\r|\n/)].flatMap((value) => [value, value.trim()]));
  const forms = [...values]
    .filter((value) => value.length >= shortestSecret)
    .flatMap((value) => [value, ...inUrls(value), ...inJson(value), ...inBase64(value)]);
  return [...new Set(forms.flatMap(pieces))].filter((form) => form.length >= shortestSecret);
}

/** As browsers, forms and Python's `quote` write it. */
function inUrls(value: string): string[] {
  const usual = encodeURIComponent(Buffer.from(value).toString());
  const strict = usual.replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const some = [
    usual,
    strict,
    usual.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+'),
    strict.replaceAll('%2F', '/'),
  ];
  return [...some, ...some.map((one) => one.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** As JavaScript writes it, and as Python does: in ASCII. */
function inJson(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replaceAll(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [json, ascii];
}

/**
 * In base64 the same bytes look different by their place in a group of three, so this is what stays the same at each of the
 * places; characters that hang on the neighbours are left out.
 */
function inBase64(value: string): string[] {
  const bytes = Buffer.from(value);
  const whole = bytes.toString('base64');
  const inner = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const start = Math.ceil((before * 8) / 6);
    return text.slice(start, Math.floor(((before + bytes.length) * 8) / 6));
  });
  const lines = wraps.flatMap((length) => wrapped(whole, length));
  const forms = [whole, ...inner, ...lines];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

function wrapped(text: string, length: number): string[] {
  if (text.length <= length) return [];
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
    text.slice(at * length, (at + 1) * length),
  );
}

/** Pieces that cover all of a form; the last one ends with it. */
function pieces(form: string): string[] {
  if (form.length <= longestForm) return [form];
  const count = Math.floor(form.length / longestForm);
  const whole = Array.from({ length: count }, (_, at) =>
    form.slice(at * longestForm, (at + 1) * longestForm),
  );
  return [...whole, form.slice(-longestForm)];
}
