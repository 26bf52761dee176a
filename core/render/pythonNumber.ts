/**
 * A float as Python's `repr` writes it (float_repr_style 'short', `format_float_short` in CPython's
 * Python/pystrtod.c): the shortest digits that read back as the same number, with an exponent below 1e-4 and
 * from 1e16 on. What JSON has no word for is written as `json.dump` does: `NaN`, `Infinity`.
 */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  // Here JavaScript sets the digits out as Python does, but for the point of a whole number.
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : String(value);
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (size === 0) return `${sign}0.0`;
  return sign + (Number.isFinite(size) ? withExponent(size) : 'Infinity');
}

/** JavaScript finds the same shortest digits as Python and only sets the exponent out in another way. */
function withExponent(size: number): string {
  const [digits = '', power = ''] = size.toExponential().split('e');
  return `${digits}e${power.slice(0, 1)}${power.slice(1).padStart(2, '0')}`;
}
