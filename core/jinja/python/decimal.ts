import { pythonFloat } from '../../render/pythonNumber.ts';

/** A float as Python prints it. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return pythonFloat(value);
}

/** A float as a whole number times a power of two. */
function exact(value: number): { whole: bigint; power: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const power = Number((raw >> 52n) & 0x7ffn);
  const digits = raw & 0xfffffffffffffn;
  return power === 0 ? { whole: digits, power: -1074 } : { whole: digits | (1n << 52n), power: power - 1075 };
}

/** The whole number nearest to a fraction; of two as near, the even one. */
function nearest(over: bigint, under: bigint): bigint {
  const whole = over / under;
  const twice = (over % under) * 2n;
  return twice > under || (twice === under && whole % 2n === 1n) ? whole + 1n : whole;
}

/** A float's size times a power of ten, rounded to a whole number. */
function scaled(value: number, digits: number): bigint {
  const { whole, power } = exact(value);
  const over = whole * 10n ** BigInt(Math.max(0, digits)) * 2n ** BigInt(Math.max(0, power));
  const under = 10n ** BigInt(Math.max(0, -digits)) * 2n ** BigInt(Math.max(0, -power));
  return nearest(over, under);
}

/** A finite float with a number of decimals, as Python's `%.2f` writes it. */
export function fixed(value: number, decimals: number): string {
  const digits = scaled(Math.abs(value), decimals)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A float rounded to a number of decimals, which may be negative, as Python's `round` does. */
export function roundFloat(value: number, decimals: number): number {
  if (!Number.isFinite(value) || decimals > 323) return value;
  if (decimals < -308) return value < 0 || Object.is(value, -0) ? -0 : 0;
  const size = Number(`${scaled(Math.abs(value), decimals)}e${-decimals}`);
  return value < 0 || Object.is(value, -0) ? -size : size;
}

/** An int rounded to tens, hundreds and so on. */
export function roundInt(value: bigint, decimals: bigint): bigint {
  if (decimals >= 0n) return value;
  if (decimals < -1000n) return 0n;
  const unit = 10n ** -decimals;
  const size = nearest(value < 0n ? -value : value, unit) * unit;
  return value < 0n ? -size : size;
}
