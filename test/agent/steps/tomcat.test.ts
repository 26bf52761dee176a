import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contextXml, readyPath } from '../../../agent/steps/tomcat/contextXml.ts';
import { deployedVersions, hostOf, nextNames } from '../../../agent/steps/tomcat/host.ts';
import { linkFarm } from '../../../agent/steps/tomcat/linkFarm.ts';
import { newFolder } from '../../support/repository.ts';

// What tomcat makes of it is seen in boxes: test/boxes/tomcat.test.ts.
describe('the context XML of a version', () => {
  const base = '/srv/a&b/ROOT##00000001-1';
  const valve = `<Valve className="org.apache.catalina.valves.HealthCheckValve" path="${readyPath(base)}"/>`;
  const open = `<Context docBase="/srv/a&amp;b/ROOT##00000001-1"`;

  it.each([
    [undefined, `${open}>\n  ${valve}\n</Context>\n`],
    ['<Context/>', `${open}>\n  ${valve}\n</Context>`],
    [
      '<?xml version="1.0"?>\n<!-- <Context> -->\n<Context path="/x" a="1>2" docBase=\'old\'>\n<A/></Context>\n',
      `<?xml version="1.0"?>\n<!-- <Context> -->\n${open} a="1>2">\n  ${valve}\n<A/></Context>\n`,
    ],
  ])('of %j', (own, text) => {
    expect(contextXml(own, base)).toBe(text);
  });

  it.each(['', '<Server/>', '<!-- <Context/> -->', '<Contexts/>', '<Context a=>'])(
    'is refused for %j',
    (own) => {
      expect(() => contextXml(own, base)).toThrow('META-INF/context.xml has no <Context>');
    },
  );
});

describe('versions in tomcat', () => {
  function host(files: Record<string, string> = {}) {
    const folder = newFolder();
    const within = (name: string) => path.join(folder, name);
    for (const name of ['contexts', 'webapps', 'descriptors']) fs.mkdirSync(within(name));
    for (const [name, text] of Object.entries(files))
      fs.writeFileSync(within(name), text.replaceAll('AT', folder));
    const options = {
      contexts: within('contexts'),
      appBase: within('webapps'),
      descriptors: within('descriptors'),
    };
    return hostOf({ root: '/srv', app: 'shop', options });
  }

  it('have names that sort as strings, in the order of deployments', async () => {
    const files = {
      'descriptors/ROOT##00000009-2.xml': '',
      'webapps/ROOT##00000011-x.war': '',
      'webapps/ROOT': '',
    };
    expect(await nextNames(host(files), ['10', 'a~1+b'])).toEqual([
      'ROOT##00000012-10',
      'ROOT##00000013-a_1_b',
    ]);
    expect(await nextNames(host(), ['1'])).toEqual(['ROOT##00000001-1']);
  });

  it('are refused beside one that counts as newer than any', async () => {
    await expect(nextNames(host({ 'webapps/ROOT##v9': '' }), ['1'])).rejects.toThrow(
      'tomcat: ROOT##v9 counts as newer than any: take it away',
    );
  });

  it("are refused where the context is somebody else's", async () => {
    const own = { 'descriptors/ROOT##00000001-1.xml': '<Context docBase="AT/contexts/ROOT##00000001-1">' };
    expect(await deployedVersions(host(own))).toMatchObject([{ name: 'ROOT##00000001-1' }]);
    const other = { ...own, 'descriptors/ROOT.xml': '<Context docBase="/other">' };
    await expect(deployedVersions(host(other))).rejects.toThrow(/ROOT\.xml serves something else as ROOT: /);
  });
});

describe('a folder of links', () => {
  it('has the same files, with the same modes, and outlives the other one', async () => {
    const [from, to] = [path.join(newFolder(), 'from'), path.join(newFolder(), 'contexts', 'to')];
    fs.mkdirSync(path.join(from, 'a/b'), { recursive: true, mode: 0o750 });
    fs.writeFileSync(path.join(from, 'a/b/c.txt'), 'c', { mode: 0o640 });
    fs.symlinkSync('b/c.txt', path.join(from, 'a/link'));
    const { signal } = new AbortController();
    await linkFarm(from, to, signal);
    await linkFarm(from, to, signal);
    expect(fs.statSync(path.join(to, 'a/b/c.txt')).ino).toBe(fs.statSync(path.join(from, 'a/b/c.txt')).ino);
    expect((fs.statSync(path.join(to, 'a/b')).mode & 0o777).toString(8)).toBe('750');
    expect(fs.readlinkSync(path.join(to, 'a/link'))).toBe('b/c.txt');
    fs.rmSync(from, { recursive: true });
    expect(fs.readFileSync(path.join(to, 'a/link'), 'utf8')).toBe('c');
    expect(fs.readdirSync(path.dirname(to))).toEqual(['to']);
  });
});
