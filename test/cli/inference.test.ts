import { describe, expect, it } from 'vitest';
import { strata } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

interface Explained {
  apps: { app: string; contexts: { label: string }[] }[];
}

/** The apps of a workspace without a manifest, each with its contexts. */
async function contextsOf(...files: string[]): Promise<Record<string, string[]>> {
  const cwd = writeFiles(files.map((file) => `//- /${file}\na: 1\n`).join(''));
  const { stdout } = await strata(['explain', 'a', '--json'], { cwd });
  const { apps } = JSON.parse(stdout) as Explained;
  return Object.fromEntries(apps.map(({ app, contexts }) => [app, contexts.map((one) => one.label)]));
}

describe.concurrent('without a manifest', () => {
  it('an app is called as its default layer says', async () => {
    const own = 'apps/one/deploy/configuration';
    expect(await contextsOf(`${own}/my-app-default.yaml`, `${own}/my-app-qa.yaml`)).toEqual({
      'my-app': ['qa'],
    });
  });

  it('apps may have layers in the central directory alone', async () => {
    expect(
      await contextsOf('common-qa.yaml', 'shop.yaml', 'blog.yaml', 'blog-front.yaml', 'blog-front-qa.yaml'),
    ).toEqual({ blog: ['qa'], 'blog-front': ['qa'], shop: ['qa'] });
  });

  it('an environment needs no layer that all apps share', async () => {
    expect(await contextsOf('common.yaml', 'shop-overrides.yaml', 'shop-qa.yaml')).toEqual({ shop: ['qa'] });
  });

  it('clusters stand behind their environment', async () => {
    expect(
      await contextsOf('common-production.yaml', 'common-production-us.yaml', 'shop-production-eu.yaml'),
    ).toEqual({ shop: ['production/eu', 'production/us'] });
  });

  it('an environment may have a dash in its name', async () => {
    expect(await contextsOf('common-pre-prod.yaml', 'shop-pre-prod.yaml', 'shop-pre-prod-us.yaml')).toEqual({
      shop: ['pre-prod/us'],
    });
  });

  it('names with one beginning are clusters of it', async () => {
    expect(await contextsOf('common-production-us.yaml', 'common-production-eu.yaml', 'shop.yaml')).toEqual({
      shop: ['production/eu', 'production/us'],
    });
  });

  it("there is the developer's machine where no name speaks of an environment", async () => {
    expect(await contextsOf('common.yaml', 'shop.yaml')).toEqual({ shop: ['local'] });
  });

  it('a mistyped name is no environment and no app', async () => {
    const cwd = writeFiles(`
//- /common-production.yaml
//- /shop-production.yaml
//- /shop-prodution.yaml
//- /comon-production.yaml
`);
    const { stderr } = await strata(['lint'], { cwd });
    expect(stderr).toBe(
      'comon-production.yaml:1:1: warning unreachable-layer: no context loads this file. Did you mean ' +
        '`common-production`?\n' +
        'shop-prodution.yaml:1:1: warning unreachable-layer: no context loads this file. Did you mean ' +
        '`shop-production`?\n' +
        '0 errors, 2 warnings\n',
    );
  });
});
