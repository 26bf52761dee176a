import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArtifactError } from '../../artifact/failure.ts';
import { checkArtifactName, isArtifactName } from '../../artifact/names.ts';
import { nextVersion } from '../../artifact/repository/nextVersion.ts';
import { compareVersions, highestVersion } from '../../artifact/versionOrder.ts';

describe('a name', () => {
  it.each(['1', 'shop', '1.2-rc_3', 'A'.repeat(64), 'x.meta.gz', 'latest.1', 'shop.tar.gz'])(
    'may be %s',
    (name) => {
      expect(isArtifactName(name)).toBe(true);
    },
  );

  it.each([
    ...['', '.', '..', '.hidden', '-x', '_x', 'a/b', 'a\\b', 'a b', 'ü', 'a\n', 'A'.repeat(65), 'a\0'],
    ...['latest', 'unpack', 'live', '1.meta', '.meta', '%2e', '../../etc/passwd'],
  ])('may not be %j', (name) => {
    expect(isArtifactName(name)).toBe(false);
    expect(() => checkArtifactName('a version', name)).toThrow(ArtifactError);
  });

  it('is refused with what it was for and what it may be', () => {
    expect(() => checkArtifactName('a version', 'a/b')).toThrow(
      '"a/b" cannot be the name of a version: a name has 1 to 64 letters',
    );
    expect(() => checkArtifactName('a version', 'latest')).toThrow('mean something else');
  });
});

describe('the order of versions', () => {
  const sorted = (versions: string[]) => [...versions].sort(compareVersions);

  it.each([
    [['a', 'b', 'b2', 'b10', 'c1']],
    [['1', '2', '10']],
    [['7', '7.1', '7.2', '7.10', '8']],
    [['1.9.9', '1.10.0']],
    [['9007199254740992', '9007199254740993']],
    [['1', '1a', '1b2', 'a']],
  ])("is yodeploy's: %j", (expected) => {
    expect(sorted([...expected].reverse())).toEqual(expected);
  });

  it('tells versions apart that yodeploy takes for equal', () => {
    expect(sorted(['2', '1', '01'])).toEqual(sorted(['01', '1', '2']));
    expect(compareVersions('01', '1')).not.toBe(0);
    expect(compareVersions('01', '2')).toBeLessThan(0);
  });

  it('is total: it orders any versions, and in one way', () => {
    const version = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('the next version', () => {
  it.each([
    [[], '1', '0.1'],
    [['1'], '2', '1.1'],
    [['7'], '8', '7.1'],
    [['7', '7.1'], '8', '7.2'],
    [['7', '7.9', '7.10'], '8', '7.11'],
    [['9', '10'], '11', '10.1'],
    [['3', 'test', 'v9'], '4', '3.1'],
    [['v1', 'v2'], 'v3', 'v2.1'],
    [['v2', 'v2.1'], 'v2.2', 'v2.2'],
    [['first'], 'first.1', 'first.1'],
    [['20260101120000000000'], '20260101120000000001', '20260101120000000000.1'],
  ])('behind %j is %s, and %s of a local build', (versions, next, local) => {
    expect([nextVersion(versions), nextVersion(versions, true)]).toEqual([next, local]);
  });

  it('is higher than every numbered one', () => {
    const numbers = fc.array(fc.stringMatching(/^[1-9]\d{0,2}(\.[1-9]\d?){0,2}$/), { minLength: 1 });
    fc.assert(
      fc.property(numbers, fc.boolean(), (versions, isLocal) => {
        expect(
          compareVersions(nextVersion(versions, isLocal), highestVersion(versions) ?? ''),
        ).toBeGreaterThan(0);
      }),
    );
  });
});
