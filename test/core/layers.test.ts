import { describe, expect, it } from 'vitest';
import { context, contextLabel } from '../../core/layers/context.ts';
import { unusedFiles } from '../../core/layers/reachable.ts';
import { discoverWorkspaces } from '../../core/workspace/discover.ts';
import { contextsOf } from '../../core/workspace/workspace.ts';
import { mapSource, modelOf, parseFixture } from '../support/fixture.ts';

/** A workspace of empty files with these paths. */
function filesOf(paths: string): Map<string, string> {
  return new Map(
    paths
      .trim()
      .split(/\s+/)
      .map((path) => [path, '']),
  );
}

/** The files of a context's stack, lowest first. */
function stack(files: Map<string, string>, of: ReturnType<typeof context>): string[] {
  return modelOf(files)
    .stack(of)
    .map((one) => one.file)
    .filter((file) => file !== '');
}

const everything = filesOf(`
  /w/configs/hostname.yaml /w/configs/hostname-local.yaml /w/configs/hostname-build.yaml
  /w/configs/common.yaml /w/configs/common-qa.yaml /w/configs/common-qa-us.yaml
  /w/configs/common-local.yaml /w/configs/common-build.yaml /w/configs/common-overrides.yaml
  /w/configs/shop.yaml /w/configs/shop-qa.yaml /w/configs/shop-qa-us.yaml
  /w/configs/shop-local.yaml /w/configs/shop-build.yaml /w/configs/shop-overrides.yaml
  /w/shop/deploy/configuration/shop-default.yaml /w/shop/deploy/configuration/shop-qa.yaml
  /w/shop/deploy/configuration/shop-qa-us.yaml /w/shop/deploy/configuration/shop-local.yaml
  /w/shop/deploy/configuration/shop-build.yaml /w/shop/deploy/configuration/local/common.yaml
`);
const own = '/w/shop/deploy/configuration';

describe('the stack of a context', () => {
  it('has each layer at its place, on a box', () => {
    expect(stack(everything, context('shop', 'qa', { cluster: 'us' }))).toEqual([
      '/w/configs/hostname.yaml',
      '/w/configs/common.yaml',
      '/w/configs/common-qa.yaml',
      '/w/configs/common-qa-us.yaml',
      '/w/configs/common-overrides.yaml',
      `${own}/shop-default.yaml`,
      `${own}/shop-qa.yaml`,
      `${own}/shop-qa-us.yaml`,
      '/w/configs/shop.yaml',
      '/w/configs/shop-qa.yaml',
      '/w/configs/shop-qa-us.yaml',
      '/w/configs/shop-overrides.yaml',
    ]);
  });

  it('in build mode reads -local and -build as well, and the local directory first', () => {
    expect(stack(everything, context('shop', 'qa', { mode: 'build' }))).toEqual([
      '/w/configs/hostname.yaml',
      '/w/configs/hostname-local.yaml',
      '/w/configs/hostname-build.yaml',
      `${own}/local/common.yaml`,
      '/w/configs/common.yaml',
      '/w/configs/common-qa.yaml',
      '/w/configs/common-local.yaml',
      '/w/configs/common-build.yaml',
      '/w/configs/common-overrides.yaml',
      `${own}/shop-default.yaml`,
      `${own}/shop-qa.yaml`,
      '/w/configs/shop.yaml',
      '/w/configs/shop-qa.yaml',
      `${own}/shop-local.yaml`,
      `${own}/shop-build.yaml`,
      '/w/configs/shop-local.yaml',
      '/w/configs/shop-build.yaml',
      '/w/configs/shop-overrides.yaml',
    ]);
  });

  it('has a file once, at its last slot: in the environment local, common-local stands for two slots', () => {
    const files = stack(everything, context('shop', 'local'));
    expect(files.filter((file) => file.endsWith('/common-local.yaml'))).toHaveLength(1);
    expect(files.indexOf('/w/configs/common-local.yaml')).toBeGreaterThan(
      files.indexOf('/w/configs/common.yaml'),
    );
    expect(files.indexOf(`${own}/shop-local.yaml`)).toBeGreaterThan(files.indexOf('/w/configs/shop.yaml'));
  });

  it('takes a layer from every central directory, in their order', () => {
    const files = parseFixture(`
      //- /w/strata.yaml
      configs: [second, first]
      apps: {shop: shop}
      environments: [qa]
      //- /w/first/common.yaml
      a: 1
      //- /w/second/common.yaml
      a: 2
      //- /w/second/common-qa.yaml
      a: 3
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: 4
    `).files;
    expect(stack(files, context('shop', 'qa'))).toEqual([
      '/w/second/common.yaml',
      '/w/first/common.yaml',
      '/w/second/common-qa.yaml',
      '/w/shop/deploy/configuration/shop-default.yaml',
    ]);
  });

  it('reads -None layers where there is no cluster, as yoconfigurator does', () => {
    const files = filesOf(
      '/w/configs/common.yaml /w/configs/common-qa-None.yaml /w/s/deploy/configuration/s-default.yaml',
    );
    expect(stack(files, context('s', 'qa'))).toContain('/w/configs/common-qa-None.yaml');
    expect(stack(files, context('s', 'qa', { cluster: 'us' }))).not.toContain(
      '/w/configs/common-qa-None.yaml',
    );
  });
});

describe('without a manifest', () => {
  /** What is inferred from paths: apps, then contexts of the first app. */
  function inferred(paths: string): { apps: string[]; configs: string[]; contexts: string[] } {
    const [workspace] = discoverWorkspaces(mapSource(filesOf(paths)), ['/w']);
    if (workspace === undefined) throw new Error('nothing found');
    const apps = workspace.apps.map((app) => `${app.name}${app.folder ? ` ${app.folder}` : ''}`);
    const contexts = contextsOf(workspace, workspace.apps[0]?.name ?? '').map(contextLabel);
    return { apps, configs: workspace.configs, contexts };
  }

  it('finds apps, central directories, environments and clusters', () => {
    expect(
      inferred(`
        /w/configs/common.yaml /w/configs/common-qa.yaml /w/configs/common-production.yaml
        /w/configs/common-production-us.yaml /w/configs/shop-local.yaml
        /w/apps/shop/deploy/configuration/shop-default.yaml /w/apps/shop/deploy/configuration/public-data.yaml
        /w/apps/site/deploy/configuration/site-builder-default.yaml
        /w/apps/site/node_modules/x/deploy/configuration/x-default.yaml
      `),
    ).toEqual({
      apps: ['shop /w/apps/shop', 'site-builder /w/apps/site'],
      configs: ['/w/configs'],
      contexts: ['local', 'production/us', 'qa'],
    });
  });

  it('knows apps that only central layers name', () => {
    const { apps } = inferred(`
      /w/common.yaml /w/common-qa.yaml /w/shop.yaml /w/shop-qa.yaml /w/site-builder.yaml
      /w/site-builder-qa.yaml /w/mail-overrides.yaml
    `);
    expect(apps).toEqual(['mail', 'shop', 'site-builder']);
  });

  it('takes two names with one beginning for clusters', () => {
    const { contexts } = inferred(
      '/w/common.yaml /w/common-prod-us.yaml /w/common-prod-eu.yaml /w/shop.yaml',
    );
    expect(contexts).toEqual(['prod/eu', 'prod/us']);
  });

  it('does not take a mistyped name for an environment', () => {
    const { contexts } = inferred(`
      /w/common.yaml /w/common-production.yaml /w/shop-production.yaml /w/shop.yaml /w/common-prodution.yaml
    `);
    expect(contexts).toEqual(['production']);
  });

  it('does not take translations for layers', () => {
    const source = mapSource(filesOf('/w/locales/en/common.json /w/src/main.ts'));
    expect(discoverWorkspaces(source, ['/w'])).toEqual([]);
  });

  it('joins an app and its central config that are opened as two folders', () => {
    const source = mapSource(filesOf('/a/shop/deploy/configuration/shop-default.yaml /b/common.yaml'));
    const [workspace] = discoverWorkspaces(source, ['/a/shop', '/b']);
    expect({ apps: workspace?.apps, configs: workspace?.configs }).toEqual({
      apps: [{ name: 'shop', folder: '/a/shop' }],
      configs: ['/b'],
    });
  });

  it('leaves a nested manifest its own workspace', () => {
    const files = filesOf(
      '/w/common.yaml /w/shop.yaml /w/examples/x/strata.yaml /w/examples/x/c/common.yaml',
    );
    const found = discoverWorkspaces(mapSource(files), ['/w']);
    expect(found.map((one) => one.root)).toEqual(['/w/examples/x', '/w']);
  });
});

describe('unused files', () => {
  const manifest =
    'configs: [configs]\napps: {shop: shop}\nenvironments: {qa: , production: {clusters: [us]}}\n';

  function unused(paths: string): string[] {
    const files = filesOf(paths).set('/w/strata.yaml', manifest);
    return unusedFiles(modelOf(files)).map((one) => `${one.code} ${one.file}: ${one.message}`);
  }

  it('are told with the name that they may mean', () => {
    expect(
      unused(`
        /w/configs/common-prodution.yaml /w/configs/common-production-us.yaml /w/configs/other.yaml
        /w/configs/README.md /w/shop/deploy/configuration/public-data.yaml
        /w/shop/deploy/configuration/shop.yaml /w/shop/deploy/configuration/local/common-qa.yaml
      `),
    ).toEqual([
      'unreachable-layer /w/configs/common-prodution.yaml: no context loads this file. Did you mean `common-production`?',
      'unreachable-layer /w/configs/other.yaml: no context loads this file. Its name fits no app, environment and cluster of this workspace.',
      'unreachable-layer /w/shop/deploy/configuration/shop.yaml: no context loads this file. Its name fits no app, environment and cluster of this workspace.',
    ]);
  });

  it('are told when another file stands for the same slot', () => {
    expect(unused('/w/configs/common.yaml /w/configs/common.json /w/shop/deploy/configuration/x.md')).toEqual(
      [
        'ambiguous-layer /w/configs/common.json: `common.yaml` stands beside it and is loaded in its place: keep one of them',
      ],
    );
  });
});
