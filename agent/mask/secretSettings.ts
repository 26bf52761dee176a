import { AgentError } from '../failure.ts';

const words = 'pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|keys?|credentials?|creds|authorization|salt';

/**
 * What names a secret by itself: one of these words as a part of a setting's last name, as in `db.password`, `api_key`,
 * `smtp.auth-token`. `monkey` and `keyboard` are none, nor is `public_key`.
 */
export const defaultSecretPattern: RegExp = new RegExp(
  `(?:^|\\.)(?!(?:[^.]*[_-])?public(?:[_-]|$))(?:[^.]*[_-])?(?:${words})(?:[_-][^.]*)?$`,
);

/** A URL with a password in it. */
const urlPassword = /[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/gi;

/** The pattern of a box's settings; `invalid` where it is no regular expression. */
export function secretPattern(source: string | undefined): RegExp {
  if (source === undefined) return defaultSecretPattern;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    const message = `the pattern of secret settings is no regular expression: ${source}`;
    throw new AgentError('invalid', message, { cause: error });
  }
}

/**
 * Whether a setting's value must not be told, by its dotted path alone. The path is matched as it is, and with its
 * names as `api_key` where they are `apiKey`.
 */
export function isSecretSetting(path: string, pattern: RegExp = defaultSecretPattern): boolean {
  return pattern.test(path) || pattern.test(withUnderscores(path));
}

/**
 * The values of a configuration that must not be told: strings and numbers of settings whose path matches and of all that
 * lies below them, and passwords in URLs wherever they are.
 */
export function secretValues(config: unknown, pattern: RegExp = defaultSecretPattern): string[] {
  return [...new Set(valuesIn(config, '', false, pattern))];
}

function withUnderscores(path: string): string {
  return path.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function valuesIn(value: unknown, path: string, isSecret: boolean, pattern: RegExp): string[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return valuesIn(inner, at, isSecret || isSecretSetting(at, pattern), pattern);
    });
  }
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  return isSecret ? [`${value}`] : passwordsIn(`${value}`);
}

function passwordsIn(text: string): string[] {
  return Array.from(text.matchAll(urlPassword), ([, password = '']) => [password, decoded(password)]).flat();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
