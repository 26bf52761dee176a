import fs from 'node:fs/promises';
import path from 'node:path';
import { templateVariables } from '../../core/jinja/configuration.ts';
import { renderTemplate } from '../../core/jinja/render.ts';
import type { StepContext } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import { removeTree } from '../releases/staging.ts';

const root = 'deploy/templates';

/** So many bytes a template may have. */
const mostBytes = 4 * 1024 * 1024;

/** What is rendered of a folder of templates, by the paths below it, without the ending `.template`. */
export type Rendered = Map<string, string>;

/**
 * Renders the templates below a folder of the release. Those whose name begins with `_` are only there for others. `refused` with the
 * places of all that cannot be rendered.
 * @param folder `deploy/templates`, or one below it.
 * @param isWanted tells by the path below `folder`.
 */
export async function renderedFiles(
  context: Pick<StepContext, 'release' | 'app' | 'configText'>,
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): Promise<Rendered> {
  const texts = await templateTexts(path.join(context.release, root));
  if (texts.size === 0) return new Map();
  const given = templateVariables(context.configText, context.app);
  if ('fault' in given) throw new AgentError('refused', given.fault);
  const { variables } = given;
  const within = folder === root ? '' : `${folder.slice(root.length + 1)}/`;
  const found: Rendered = new Map();
  const faults: string[] = [];
  for (const [name, text] of texts) {
    const below = name.slice(within.length);
    if (!name.startsWith(within) || path.basename(name).startsWith('_') || !isWanted(below)) continue;
    const result = renderTemplate({ name, text, variables, load: (other) => texts.get(other) });
    if ('text' in result) found.set(below.replace(/\.template$/, ''), result.text);
    else faults.push(faultText(result.fault));
  }
  if (faults.length > 0) throw new AgentError('refused', faults.join('; '));
  return found;
}

function faultText({
  template,
  line,
  column,
  message,
}: {
  template: string;
  line: number;
  column: number;
  message: string;
}) {
  return `${root}/${template}:${line}:${column}: ${message}`;
}

/** All templates of a release, by their paths. */
async function templateTexts(folder: string): Promise<Map<string, string>> {
  const entries = (await ifThere(fs.readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
  const files = entries.filter((entry) => entry.isFile());
  const names = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  const texts = new Map<string, string>();
  for (const name of names) {
    const bytes = await fs.readFile(path.join(folder, name));
    if (bytes.length > mostBytes)
      throw new AgentError('refused', `${root}/${name} is too big for a template`);
    texts.set(name, bytes.toString('utf8'));
  }
  return texts;
}

/** Puts what was rendered into the release, where people find it: `deploy/rendered/KIND/`. */
export async function writeRendered(
  { release, user }: Pick<StepContext, 'release' | 'user'>,
  kind: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const folder = path.join(release, 'deploy/rendered', kind);
  await removeTree(folder);
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    await fs.mkdir(path.dirname(file), { recursive: true });
    // What is rendered may hold secrets, as the configuration does.
    await fs.writeFile(file, text, { mode: 0o640 });
    if (user !== undefined && process.getuid?.() === 0) await fs.chown(file, user.uid, user.gid);
  }
}
