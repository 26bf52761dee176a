import fs from 'node:fs';
import path from 'node:path';
import type { Step, StepWork } from '../../../agent/deploy/step.ts';
import { installFiles, planFiles } from '../../../agent/deploy/steps/owned.ts';
import type { TestBox } from './box.ts';

/** The folders outside of releases that such a step changes, in a box. */
export function etcOf({ root }: Pick<TestBox, 'root'>): string {
  return path.join(root, '.etc');
}

/** What a program that was started with these files runs by. */
export function runningOf(box: Pick<TestBox, 'root'>): string {
  const file = `${etcOf(box)}-running`;
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** The files in such a folder, each with its text; nothing else may be there. */
export function etcFiles(box: Pick<TestBox, 'root'>): Record<string, string> {
  const etc = etcOf(box);
  const names = fs.existsSync(etc) ? fs.readdirSync(etc).sort() : [];
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(etc, name), 'utf8')]));
}

/**
 * A step as those of daemons are: it installs the files under `deploy/etc/`, keeps what ran before, and has a program take the files up,
 * which takes a moment.
 */
export function daemonStep(box: Pick<TestBox, 'root'>): Step {
  const etc = etcOf(box);
  const takeUp = async (work: StepWork) =>
    await work.run([
      '/bin/sh',
      '-c',
      'cat "$0"/* >"$0-next" 2>/dev/null; sleep 0.02; mv "$0-next" "$0-running"',
      etc,
    ]);
  return {
    name: 'daemon',
    plan: async (context) => ({ files: (await planFiles(context, filesIn(context.release, etc))).files }),
    async deployed(work) {
      if ((await work.kept()) === undefined) await work.keep({ before: runningOf(box) });
      await installFiles(work, filesIn(work.release, etc));
      await takeUp(work);
    },
    async withdraw(work) {
      if ((await work.kept()) !== undefined) fs.rmSync(`${etc}-running`, { force: true });
    },
    async restore(work) {
      const kept = await work.kept();
      if (kept === undefined) return;
      await takeUp(work);
      if (runningOf(box) !== kept.before)
        throw new Error(`it runs by ${runningOf(box)}, and not ${kept.before}`);
    },
  };
}

/** What a release wants below a folder of the box. */
export function filesIn(release: string, etc: string): { path: string; content: string }[] {
  const from = path.join(release, 'deploy/etc');
  const names = fs.existsSync(from) ? fs.readdirSync(from) : [];
  return names.map((name) => ({
    path: path.join(etc, name),
    content: fs.readFileSync(path.join(from, name), 'utf8'),
  }));
}
