import { ArtifactError } from '../../failure.ts';
import { commandOf } from '../conventions.ts';
import type { TestSummary } from '../junit.ts';
import type { StepOutcome } from '../reporter.ts';
import { watchReports } from '../reports.ts';
import { note, runIn, type Work, warn } from '../work.ts';

/** So many names of failing tests are told; the log and the report have all. */
const mostNames = 20;

/** Tests the app, and sums up the JUnit reports that its tests write. A failing test fails the build, whatever the exit code. */
export async function test(work: Work): Promise<StepOutcome> {
  const command = commandOf('test', work.folder, work.settings);
  if (command === undefined) return 'none';
  const reports = watchReports(work.folder, work.settings.reports);
  let failure: unknown;
  try {
    await runIn(work, command);
  } catch (error) {
    failure = error;
  }
  const { summary, files, notes } = reports();
  for (const text of notes) warn(work, text);
  if (files > 0) {
    work.tests = summary;
    note(work, testText(summary));
    for (const name of namesOf(summary)) note(work, `  failed: ${name}`);
  }
  const failed = summary.failures + summary.errors;
  if (failure instanceof ArtifactError && failure.code !== 'failed') throw failure;
  if (failed > 0) throw new ArtifactError('failed', failedText(summary), failure);
  if (failure !== undefined) throw failure;
  return 'done';
}

/** `12 tests: 1 failed, 2 skipped` */
export function testText({ tests, failures, errors, skipped }: TestSummary): string {
  const failed = failures + errors;
  const rest = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(failed === 0 ? ['none failed'] : []),
  ];
  return `${tests} ${tests === 1 ? 'test' : 'tests'}: ${rest.join(', ')}`;
}

function namesOf({ failing }: TestSummary): string[] {
  const more = failing.length - mostNames;
  return more > 0 ? [...failing.slice(0, mostNames), `… and ${more} more`] : failing;
}

function failedText(summary: TestSummary): string {
  const [first, ...others] = summary.failing;
  if (others.length === 0) return `the test ${first} failed`;
  return `${summary.failing.length} tests failed: ${namesOf(summary).join('; ')}`;
}
