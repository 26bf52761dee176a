/**
 * A float as Python's `repr` writes it (float_repr_style 'short', `format_float_short` in CPython's
 * Python/pystrtod.c): the shortest digits that read back as the same number, with an exponent below 1e-4 and
 * from 1e16 on. What JSON has no word for is written as `json.dump` does: `NaN`, `Infinity`.
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const { digits, exponent } = shortestDigits(Math.abs(value));
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** JavaScript finds the same shortest digits as Python and only sets them out in another way. */
function shortestDigits(value: number): { digits: string; exponent: number } {
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(power) };
}
