import { bytesText } from '../../../../artifact/bytes.ts';
import { ArtifactError } from '../../../../artifact/failure.ts';
import {
  type Artifact,
  asArtifact,
  chosenVersion,
  judgeFound,
} from '../../../../artifact/repository/head.ts';
import { latest } from '../../../../artifact/repository/latest.ts';
import { lookUp } from '../../../../artifact/repository/lookUp.ts';
import type { Repository, Series } from '../../../../artifact/repository/repository.ts';
import { exitCodes } from '../../../failure.ts';
import { artifactJson, printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { SeriesOptions } from '../../../repositoryOptions.ts';
import { chosenSeries } from './series.ts';

interface Options extends SeriesOptions {
  json?: true;
}

/** A version with why it may not be used, where it may not. */
interface Shown extends Artifact {
  refused: string | null;
  isLatest: boolean;
}

/** Prints a version, also one that would be refused; fails then. */
export async function show(app: string, version: string | undefined, options: Options): Promise<void> {
  const repo = await repositoryFrom(options);
  const series = await chosenSeries(repo, app, options);
  const shown = await shownVersion(repo, series, await chosenVersion(repo, series, { version }));
  if (shown.refused !== null) process.exitCode = exitCodes.problems;
  if (options.json) return printJson(asJson(shown));
  const colors = colorsFor(process.stdout);
  const lines = linesOf(shown).filter((line): line is [string, string] => line[1] !== undefined);
  const width = Math.max(...lines.map(([name]) => name.length));
  process.stdout.write(lines.map(([name, text]) => `${colors.dim(name.padEnd(width))}  ${text}\n`).join(''));
}

async function shownVersion(repo: Repository, series: Series, version: string): Promise<Shown> {
  const found = await lookUp(repo, series, version, {});
  const isLatest = (await latest(repo, series)) === version;
  try {
    const judged = judgeFound(repo, series, version, found);
    return { ...asArtifact(series, version, found, judged), refused: null, isLatest };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const judged = { signedBy: undefined };
    return { ...asArtifact(series, version, found, judged), refused: error.message, isLatest };
  }
}

function linesOf(shown: Shown): [string, string | undefined][] {
  const { app, channel, artifact, version, size, sha256, created, expires, promotedFrom } = shown;
  // Whoever wrote it may have meant to write to the terminal.
  const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ');
  return [
    ['app', app],
    ['channel', channel],
    ['artifact', artifact],
    ['version', shown.isLatest ? `${version} (latest)` : version],
    ['size', `${bytesText(size)} (${size})`],
    ['sha256', sha256 ?? 'not known'],
    ['created', created],
    ['expires', expires],
    ['promoted from', promotedFrom],
    ['signed by', shown.signedBy ?? 'nobody who is trusted here'],
    ['refused', shown.refused ?? undefined],
    ...Object.entries(shown.metadata).map(([key, value]): [string, string] => [key, oneLine(value)]),
  ];
}

function asJson({ refused, isLatest, ...artifact }: Shown): object {
  return { artifact: artifactJson(artifact), isLatest, refused };
}
