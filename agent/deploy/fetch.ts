import fs from 'node:fs/promises';
import { download } from '../../artifact/repository/download.ts';
import { head } from '../../artifact/repository/head.ts';
import { appSeries } from '../artifacts/appSeries.ts';
import { gcReleases } from '../releases/gc.ts';
import { checkRoom } from '../releases/room.ts';
import { archiveFile, downloads, enter, say, stopIfAsked, swingOf, type Work } from './work.ts';

/** What an archive may become, where nobody says it: so many times its bytes, and so many files. */
const usualRatio = 5;
const usualEntries = 5000;
const blockBytes = 4096;

/**
 * Brings the archive to the box, and goes on where an earlier deployment broke off. It is there when its digest and its signature
 * are right, and not before. `missing`, `refused`, `full`, `unavailable`, `cancelled`.
 * @returns its file.
 */
export async function fetchArchive(work: Work): Promise<string> {
  const { record, signal, box } = work;
  const folder = downloads(work);
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await fs.mkdir(work.places.unpack, { recursive: true });
  const { repository, archives } = box.options;
  const series = await appSeries(repository, record.app, record.channel, signal);
  const asked = { version: record.version, signal };
  const artifact = await head(repository, series, asked);
  work.metadata = artifact.metadata;
  await checkRoomFor(work, artifact);
  stopIfAsked(work);
  const file = archiveFile(work);
  if (await archives?.take(artifact, file, signal)) say(work, 'fetch', 'the archive is here since its plan');
  // It is unpacked at once, and goes: after a power cut it is fetched anew.
  else await download(repository, series, { ...asked, file, isLasting: false });
  await enter(work, 'fetched');
  say(work, 'verify', `sha256 ${artifact.sha256 ?? 'unknown'}, signed by ${artifact.signedBy ?? 'nobody'}`);
  await enter(work, 'verified');
  return file;
}

/** Takes away the releases that are neither live nor the one before, to make room. */
export async function makeRoom(work: Work): Promise<void> {
  const { to } = swingOf(work);
  await work.box.options.archives?.clear();
  const gone = await gcReleases(work.places, 0, [to]);
  if (gone.length > 0) say(work, 'gc', `there was little room: releases ${gone.join(', ')} are gone`);
}

async function checkRoomFor(
  work: Work,
  { size, metadata }: { size: number; metadata: Readonly<Record<string, string>> },
): Promise<void> {
  const expanded = countOf(metadata.expanded_bytes);
  const entries = countOf(metadata.entries);
  const needed = { bytes: size + (expanded ?? size), inodes: entries ?? 1 };
  // A file takes whole blocks.
  const files =
    expanded === undefined ? size * usualRatio : expanded + blockBytes * (entries ?? usualEntries);
  const wanted = { bytes: size + files, inodes: entries ?? usualEntries };
  await checkRoom(work.places.versions, needed, wanted, () => makeRoom(work));
}

/** What the build has said; nothing where it did not, or said something else. */
function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
