import { isKeyPart } from '../keys.ts';

/** One entry of a folder on a web server. */
export interface IndexEntry {
  name: string;
  isFolder: boolean;
}

/** What a server's page about a folder lists: the JSON of nginx or Caddy, or the links of any page; in the order of keys. */
export function readIndex(type: string, text: string): IndexEntry[] {
  const entries = type.includes('json') ? fromJson(text) : fromLinks(text);
  const names = new Map(entries.map((one) => [one.name, one]));
  return [...names.values()]
    .filter(({ name }) => isKeyPart(name))
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf({ name, isFolder }: IndexEntry): string {
  return isFolder ? `${name}/` : name;
}

function fromJson(text: string): IndexEntry[] {
  const data: unknown = JSON.parse(text);
  if (!Array.isArray(data)) return [];
  return data.map((one) => ({
    name: String(one?.name ?? '').replace(/\/$/, ''),
    isFolder: one?.type === 'directory' || one?.is_dir === true,
  }));
}

function fromLinks(text: string): IndexEntry[] {
  const links = [...text.matchAll(/<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)/gi)].map(([, link = '']) => link);
  return links.map((link) => {
    const path = unescaped(link.replace(/^\.\//, ''));
    return { name: path.replace(/\/$/, ''), isFolder: path.endsWith('/') };
  });
}

function unescaped(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return '';
  }
}
