import { createHash } from 'node:crypto';
import { AgentError } from '../../failure.ts';

/** The path at which a version tells that it serves, and that requests get to it: each has its own. */
export function readyPath(docBase: string): string {
  return `/.strata-ready-${createHash('sha256').update(docBase).digest('hex').slice(0, 24)}`;
}

const opening = /<!--[\s\S]*?-->|<Context((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;

/**
 * The context XML of a version: what the app has in `META-INF/context.xml`, served from a folder, with a valve of tomcat's own that answers as
 * soon as the version does. `refused` where it is none.
 */
export function contextXml(own: string | undefined, docBase: string): string {
  const text = own ?? '<Context/>\n';
  const found = [...text.matchAll(opening)].find(([all]) => !all.startsWith('<!--'));
  if (found === undefined) throw new AgentError('refused', 'tomcat: META-INF/context.xml has no <Context>');
  const [all, attributes = '', end] = found;
  const rest = attributes.replaceAll(/\s+(docBase|path)\s*=\s*("[^"]*"|'[^']*')/g, '');
  const valve = `<Valve className="org.apache.catalina.valves.HealthCheckValve" path="${readyPath(docBase)}"/>`;
  const open = `<Context docBase="${escaped(docBase)}"${rest}>\n  ${valve}`;
  const inner = end === '/' ? `${open}\n</Context>` : open;
  return text.slice(0, found.index) + inner + text.slice(found.index + all.length);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
