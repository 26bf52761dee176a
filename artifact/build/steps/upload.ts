import { bytesText } from '../../bytes.ts';
import { ArtifactError } from '../../failure.ts';
import { buildMetadata } from '../metadata.ts';
import type { StepOutcome } from '../reporter.ts';
import { type BuildWishes, note, type Work } from '../work.ts';

/** Puts the tarball into the repository, under a version that no other build has. */
export async function upload(work: Work): Promise<StepOutcome> {
  const { place, tarball, channel, app, wishes, reporter, signal } = work;
  if (place === undefined || tarball === undefined) return 'none';
  if (channel === undefined) throw new ArtifactError('failed', 'the artifact has no channel: give --channel');
  work.uploaded = await place.upload({
    app,
    channel,
    artifact: artifactName(app),
    version: versionOf(wishes, work.env),
    isLocal: work.source.ci.url === undefined && work.source.ci.buildNumber === undefined,
    file: tarball.file,
    size: tarball.size,
    sha256: tarball.sha256,
    metadata: buildMetadata(work, tarball),
    signal,
    onBytes: (done, total) => reporter.progress(`${bytesText(done)} of ${bytesText(total)}`),
  });
  const { version, where, signed } = work.uploaded;
  note(work, `${app} ${version} is in ${where}${signed ? '' : ', not signed'}`);
  return 'done';
}

/** Always yodeploy's name, so that an app has one line of versions; the first bytes tell how it is compressed. */
export function artifactName(app: string): string {
  return `${app}.tar.gz`;
}

/** The version that is asked for; Jenkins's number of the build is one, as with yodeploy. */
export function versionOf({ version }: BuildWishes, env: NodeJS.ProcessEnv): string | undefined {
  const number = env.BUILD_NUMBER;
  return version ?? (number === '' ? undefined : number);
}
