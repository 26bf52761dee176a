// Renders all templates of a folder; tells how long that took and how long processors worked on it, in milliseconds, and a digest of what came of it.
//   node render.mjs FOLDER
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateVariables } from '../../core/jinja/configuration.ts';
import { renderTemplate } from '../../core/jinja/render.ts';

const folder = process.argv[2] ?? '.';
const names = readdirSync(join(folder, 'templates')).sort();
const started = performance.now();
const before = process.cpuUsage();
const given = templateVariables(readFileSync(join(folder, 'configuration.json'), 'utf8'), 'shop');
if ('fault' in given) throw new Error(given.fault);
const texts = new Map(names.map((name) => [name, readFileSync(join(folder, 'templates', name), 'utf8')]));
const digest = createHash('sha256');
for (const [name, text] of texts) {
  if (name.startsWith('_')) continue;
  const { variables } = given;
  const result = renderTemplate({ name, text, variables, load: (other) => texts.get(other) });
  if ('fault' in result) throw new Error(`${name}: ${result.fault.message}`);
  digest.update(result.text);
}
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage(before);
const cpu = (user + system) / 1000;
console.log(JSON.stringify({ milliseconds, cpu, digest: digest.digest('hex') }));
