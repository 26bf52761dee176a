import { bytesText } from '../../bytes.ts';
import type { StepOutcome } from '../reporter.ts';
import type { Work } from '../work.ts';
import { testText } from './test.ts';

/** Tells what was built of what, and where it is. */
export async function summary(work: Work): Promise<StepOutcome> {
  for (const [name, text] of summaryLines(work)) {
    if (text !== undefined) work.reporter.note(`${`${name}:`.padEnd(10)} ${text}`);
  }
  for (const text of work.warnings) work.reporter.warn(text);
  return 'done';
}

function summaryLines(work: Work): [string, string | undefined][] {
  const { source, tarball, uploaded, tests } = work;
  const changed = source.changed?.length ?? 0;
  const dirty = changed === 0 ? '' : ` with ${changed} uncommitted ${changed === 1 ? 'change' : 'changes'}`;
  return [
    ['app', work.app],
    ['channel', work.channel],
    ['version', uploaded?.version],
    ['branch', source.branch],
    ['commit', source.commit && `${source.commit}${dirty}`],
    ['tag', source.tag],
    ['message', source.message],
    ['tests', tests && testText(tests)],
    ['sha256', tarball?.sha256],
    ['size', tarball && `${bytesText(tarball.size)} (${tarball.compression})`],
    ['stored in', uploaded?.where],
  ];
}
