import type { CodeSearch } from '../core/features/codeReferences.ts';

/** Where uses of settings are looked for unless a person says otherwise. */
export const defaultCodeSearch: CodeSearch = {
  roots: ['config', 'conf', 'configuration'],
  endings: ['py', 'js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts'],
};

/** Reads `strata.references.code`; what is left out, or is no list of words, is as by default. */
export function readCodeSearch(told: unknown): CodeSearch {
  const { roots, files } = (told ?? {}) as { roots?: unknown; files?: unknown };
  return {
    roots:
      wordsIn(roots)?.filter((one) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(one)) ?? defaultCodeSearch.roots,
    endings: wordsIn(files)?.map((one) => one.replace(/^\*?\./, '')) ?? defaultCodeSearch.endings,
  };
}

function wordsIn(told: unknown): string[] | undefined {
  const isList = Array.isArray(told) && told.every((one): one is string => typeof one === 'string');
  return isList ? told.filter((one) => one !== '') : undefined;
}
