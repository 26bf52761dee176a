import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { openRepository, type Repository, seriesOf } from '../../artifact/repository/repository.ts';
import { type Uploaded, type UploadRequest, upload } from '../../artifact/repository/upload.ts';
import { makeSigningKey, type SigningKey } from '../../artifact/signing/keys.ts';
import type { Trust } from '../../artifact/signing/trust.ts';
import { localStore } from '../../artifact/store/localStore.ts';

const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-repository-')));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }), 600_000);

/** The key that every test repository trusts. */
export const ci: SigningKey = makeSigningKey('ci');
/** The series that tests use. */
export const shop = seriesOf('shop');

/** Trusts what `ci` signed. */
export const trustCi: Trust = {
  keys: [{ name: 'ci', key: ci.public, app: '*', channel: '*' }],
  unsigned: [],
};

/** Needs no signatures. */
export const trustAll: Trust = { keys: [], unsigned: [{ app: '*', channel: '*' }] };

/** A folder that goes away after the tests of this file. */
export function newFolder(): string {
  return fs.mkdtempSync(path.join(base, 'folder-'));
}

/** A repository in a new directory. */
export function newRepository(trust: Trust = trustCi, now?: () => number): Repository & { folder: string } {
  const folder = newFolder();
  return { ...openRepository(localStore(folder), trust, now), folder };
}

/** A file with a text. */
export function newFile(text: string | Uint8Array): string {
  const file = path.join(newFolder(), 'file');
  fs.writeFileSync(file, text);
  return file;
}

/** Uploads a text as a version of the shop, signed by `ci`. */
export function uploadText(
  repo: Repository,
  version: string,
  text = `bytes of ${version}`,
  more: Partial<UploadRequest> = {},
): Promise<Uploaded> {
  return upload(repo, shop, { version, file: newFile(text), key: ci, ...more });
}

/** The one manifest of a version of the shop, as a file. */
export function manifestFile(folder: string, version: string, channel = 'master'): string {
  const manifests = path.join(folder, 'shop', channel, 'shop.tar.gz/_strata/manifests');
  const name = fs.readdirSync(manifests).find((one) => one.startsWith(`${version}.`));
  return path.join(manifests, name ?? '');
}

/** The file of a version's bytes. */
export function versionFile(folder: string, version: string, channel = 'master'): string {
  return path.join(folder, 'shop', channel, 'shop.tar.gz', version);
}

/** Changes a file that is read-only, as somebody with write access to the store can. */
export function tamper(file: string, change: (bytes: Buffer) => Uint8Array | string): void {
  const bytes = change(fs.readFileSync(file));
  fs.rmSync(file);
  fs.writeFileSync(file, bytes);
}
