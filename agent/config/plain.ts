import type { Plain } from '../../core/yaml/plain.ts';

export type Mapping = Readonly<Record<string, Plain>>;

export function asMapping(value: Plain | undefined): Mapping | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

export function asList(value: Plain | undefined): Plain[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function asText(value: Plain | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
