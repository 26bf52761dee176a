import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';
import { removeTree } from '../../releases/staging.ts';
import { hasPrepareHook } from '../madeLater.ts';
import { groupsIn } from './programs.ts';

const config = '/etc/supervisor/supervisord.conf';

/**
 * supervisord can only try files by taking them. So its own parser reads them here, in its own Python and with its variables: all files as they
 * would be, and then the commands of the app's programs, as supervisord looks for them before it starts one.
 */
const script = `
import fnmatch, glob, json, os, sys
told = json.loads(sys.argv[1])
try:
    with open('/proc/%d/environ' % told['pid'], errors='surrogateescape') as file:
        for one in file.read().split('\\0'):
            name, mark, value = one.partition('=')
            if mark:
                os.environ[name] = value
except Exception:
    pass
from supervisor import options, process
new, gone = told['new'], told['gone']
every, read = glob.glob, options.UnhosedConfigParser.read
def found(pattern, *more, **named):
    there = set(every(pattern, *more, **named)).difference(gone)
    return sorted(there.union(at for at in new if fnmatch.fnmatch(at, pattern)))
glob.glob = found
options.UnhosedConfigParser.read = lambda self, at, **more: read(self, new.get(at, at), **more)
server = options.ServerOptions()
def refuse(why):
    raise ValueError(why)
server.usage = refuse
wrong = []
try:
    server.realize(['-c', told['config']])
    for group in server.process_group_configs:
        for one in group.process_configs if group.name in told['groups'] else []:
            try:
                process.Subprocess(one).get_execv_args()
            except Exception as why:
                wrong.append('%s: %s' % (one.name, why))
except Exception as why:
    wrong.append(str(why))
sys.stdout.write('\\n'.join(['', 'strata ' + json.dumps(wrong)]))
`;

/**
 * Has supervisord's own code read what is wanted before anything is changed; `refused` with what it says. What is below `live` is looked for in the
 * new release, which is not live yet.
 * @param folder where the app's files go, which are `wanted` by their names.
 */
export async function checkPrograms(
  work: StepWork,
  folder: string,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const python = await pythonOf(work);
  if (python === undefined || (await ifThere(fs.stat(config))) === undefined)
    return work.log(
      'nothing can check the programs before they are taken: supervisord is not as in Debian',
      'agent',
    );
  const { live } = appPlaces(work.root, work.app);
  const copy = path.join(path.dirname(work.release), 'supervisor-check');
  try {
    await fs.mkdir(copy, { recursive: true, mode: 0o700 });
    const files: Record<string, string> = {};
    for (const [name, text] of wanted) {
      files[path.join(folder, name)] = path.join(copy, name);
      await fs.writeFile(path.join(copy, name), text.replaceAll(live, work.release), { mode: 0o600 });
    }
    const gone = [...work.owned.files.keys()].filter((at) => files[at] === undefined);
    const pid = Number((await work.ask(['supervisorctl', 'pid'])).stdout) || 0;
    const groups = groupsIn(wanted.values()).map(({ name }) => name);
    const asked = JSON.stringify({ config, new: files, gone, pid, groups });
    const { stdout, stderr } = await work.ask([...python, '-c', script, asked]);
    const told = /^strata (\[.*\])$/m.exec(stdout)?.[1];
    if (told === undefined)
      return work.log(`supervisor's own code cannot check the programs: ${stderr.trim()}`, 'stderr');
    const wrong = (JSON.parse(told) as string[]).map((one) =>
      one.replaceAll(`${copy}/`, `${folder}/`).replaceAll(work.release, live),
    );
    await refuseWrong(work, wrong, live);
  } finally {
    await removeTree(copy);
  }
}

async function refuseWrong(work: StepWork, wrong: readonly string[], live: string): Promise<void> {
  if (wrong.length === 0) return;
  for (const line of wrong) work.log(line, 'stderr');
  const isMissing = (line: string) =>
    line.includes(`can't find command '${live}/`) ||
    (line.includes(`path ${live}/`) && line.includes('does not exist'));
  if (wrong.every(isMissing) && (await hasPrepareHook(work))) return;
  throw new AgentError('refused', `supervisord would refuse the programs: ${wrong.join('; ')}`);
}

/** The Python that supervisord runs by, as its first line says. */
async function pythonOf({ ask }: StepWork): Promise<[string, ...string[]] | undefined> {
  const { stdout } = await ask(['sh', '-c', 'head -n 1 "$(command -v supervisord)"']);
  const [program, ...args] = /^#!\s*(\S*python.*)$/m.exec(stdout)?.[1]?.trim().split(/\s+/) ?? [];
  return program === undefined ? undefined : [program, ...args];
}
