import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../artifact/store/openStore.ts';

describe('the address of a store', () => {
  const here = path.resolve('.');
  it.each([
    ['artifacts', path.join(here, 'artifacts')],
    ['/srv/artifacts/', path.resolve('/srv/artifacts')],
    ['file:artifacts', path.join(here, 'artifacts')],
    [pathToFileURL('/srv/my artifacts').href, path.resolve('/srv/my artifacts')],
    ['s3://builds', 's3://builds/'],
    ['s3://builds/a/b/?region=eu-west-1&checksums=when-required', 's3://builds/a/b/'],
    ['S3://builds?endpoint=http://127.0.0.1:7480&path-style=false', 's3://builds/'],
    ['https://example.com/artifacts', 'https://example.com/artifacts/'],
    ['http://me:secret@example.com/', 'http://example.com/'],
  ])('%s is %s', async (address, url) => {
    expect((await openStore(address)).url).toBe(url);
  });

  it('may be relative to a folder', async () => {
    expect((await openStore('artifacts', { folder: '/srv' })).url).toBe(path.resolve('/srv/artifacts'));
  });

  it.each([
    ['', /no path/],
    ['ftp://example.com', /none of file:, s3:, http: and https:/],
    ['s3://', /name a bucket/],
    ['s3:builds', /name a bucket/],
    ['s3://builds:80/a', /name a bucket/],
    ['s3://builds/a/../../b c', /can be no folder/],
    ['s3://key:secret@builds', /credentials do not belong there/],
    ['s3://builds?regoin=eu', /and not regoin/],
    ['s3://builds?checksums=no', /checksums is when-supported or when-required/],
    ['s3://builds?path-style=yes', /path-style is true or false/],
    ['s3://builds?endpoint=127.0.0.1:80', /has to begin with https/],
    ['https://', /cannot be read as a URL/],
    ['https://example.com/?a=b', /behind \? or #/],
    ['file://other/share', /names no store/],
  ])('%j is refused', async (address, message) => {
    const refused = openStore(address);
    await expect(refused).rejects.toMatchObject({ code: 'invalid', message });
    await expect(refused).rejects.not.toThrow('secret');
  });
});
