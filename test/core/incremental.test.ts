import { describe, expect, it } from 'vitest';
import { createChecker } from '../../core/check/checker.ts';
import { contextsText } from '../../core/features/contextsText.ts';
import type { Finding } from '../../core/features/lint.ts';
import { workspaceSymbols } from '../../core/features/workspaceSymbols.ts';
import { discoverWorkspaces } from '../../core/workspace/discover.ts';
import { type Model, openModel } from '../../core/workspace/model.ts';
import { settingIndex } from '../../core/workspace/settingIndex.ts';
import { mapSource, parseFixture } from '../support/fixture.ts';

/** A workspace whose files can change, as a session takes such changes in. */
function changing(text: string) {
  const { files } = parseFixture(text);
  const source = mapSource(files);
  const find = () => {
    const [workspace] = discoverWorkspaces(source, ['/w']);
    if (workspace === undefined) throw new Error('the fixture holds no workspace');
    return workspace;
  };
  let model = openModel(source, find());
  return {
    model: () => model,
    write(file: string, content: string) {
      files.set(file, content);
      model.fileChanged(file);
    },
    /** Files came or went, or the manifest changed. */
    move(changes: Readonly<Record<string, string | undefined>>) {
      for (const [file, content] of Object.entries(changes)) {
        if (content === undefined) files.delete(file);
        else files.set(file, content);
        model.fileChanged(file);
      }
      model.filesMoved();
      model = model.withWorkspace(find());
    },
    reopen() {
      model = openModel(source, find());
    },
  };
}

/** What an editor is shown that publishes only files that are said to be touched. */
function shownBy(first: Model) {
  const checker = createChecker(first);
  const shown = new Map<string, string[]>();
  return (model: Model): Record<string, string[]> => {
    for (const _ of checker.update(model));
    const told = (one: Finding) =>
      `${one.range.start} ${one.setting} ${one.message} [${contextsText(model, one.contexts)}]`;
    for (const file of checker.takeTouched()) shown.set(file, checker.findings(file).map(told));
    return Object.fromEntries([...shown].filter(([, findings]) => findings.length > 0).sort());
  };
}

function expectAsFresh(shown: Record<string, string[]>, model: Model): void {
  expect(shown).toEqual(shownBy(model)(model));
}

const manifest = 'configs: [configs]\napps: {shop: shop}\nenvironments: [qa]\n';

describe('what is told after a change is what is told of the same files anew', () => {
  it('where a layer with faults is loaded in other contexts', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      a: 1
      a: 2
    `);
    const shown = shownBy(workspace.model());
    shown(workspace.model());
    workspace.move({ '/w/strata.yaml': manifest.replace('[qa]', '[qa, production]') });
    expectAsFresh(shown(workspace.model()), workspace.model());
  });

  it('where another app comes, and contexts are told with their apps', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      a: 1
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: one
    `);
    const shown = shownBy(workspace.model());
    expect(shown(workspace.model())).not.toEqual({});
    workspace.move({ '/w/strata.yaml': manifest.replace('{shop: shop}', '{shop: shop, site: site}') });
    expectAsFresh(shown(workspace.model()), workspace.model());
  });

  it('where a text that was half-typed for a while is sound again', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      a: 1
      b: 2
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: one
      b: 2
    `);
    const shown = shownBy(workspace.model());
    const sound = shown(workspace.model());
    workspace.write('/w/configs/common.yaml', 'a: 1\n\nb: [2\n');
    const common = '/w/configs/common.yaml';
    const { [common]: own, ...others } = shown(workspace.model());
    expect(own?.join('\n')).toMatch(/flow sequence/);
    // What the half of a list would do to other layers is nobody's concern yet.
    expect(others).toEqual(sound);
    workspace.write('/w/configs/common.yaml', 'a: 1\n\nb: [2]\n');
    expectAsFresh(shown(workspace.model()), workspace.model());
    workspace.write('/w/configs/common.yaml', '\na: 1\nb: 2\n');
    expect(shown(workspace.model())).toEqual(sound);
  });

  it('with the places of each text as it is known at every step', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      #
      a: 1
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: one
    `);
    const checker = createChecker(workspace.model());
    const related = () => {
      const [finding] = checker.findings('/w/shop/deploy/configuration/shop-default.yaml');
      return finding?.related.map(({ file, range }) => checker.lines(file)?.position(range.start));
    };
    for (const _ of checker.update(workspace.model()));
    // On the same line and column, at another offset.
    workspace.write('/w/configs/common.yaml', '# more\na: 1\n');
    const place = [{ line: 1, character: 3 }];
    expect(related()).toEqual(place);
    for (const _ of checker.update(workspace.model())) expect(related()).toEqual(place);
  });

  it('in templates, where a layer that lacked nothing can be read again', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      a: 1
      b: *one
      //- /w/shop/deploy/templates/hosts
      {{ conf.c }}
    `);
    const shown = shownBy(workspace.model());
    expect(Object.keys(shown(workspace.model()))).toEqual(['/w/configs/common.yaml']);
    workspace.write('/w/configs/common.yaml', 'a: 1\nb: null\n');
    expect(Object.keys(shown(workspace.model()))).toEqual(['/w/shop/deploy/templates/hosts']);
    expectAsFresh(shown(workspace.model()), workspace.model());
  });

  it('in one order, also where one value breaks two settings', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      b: {port: one}
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: &one {port: 1}
      b: *one
    `);
    const shown = shownBy(workspace.model());
    shown(workspace.model());
    workspace.write('/w/configs/common.yaml', 'b: {port: one}\na: {port: one}\n');
    expectAsFresh(shown(workspace.model()), workspace.model());
  });

  it('not where a file that is no layer was looked at in between', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      a: {b: 1}
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: one
      //- /w/shop/notes.yaml
      a: 1
    `);
    const shown = shownBy(workspace.model());
    const sound = shown(workspace.model());
    workspace.model().store.facts('/w/shop/notes.yaml');
    workspaceSymbols(workspace.model(), 'a', settingIndex());
    workspace.write('/w/configs/common.yaml', 'a: 1\nb: [2\n');
    expect(shown(workspace.model())).toMatchObject(sound);
  });

  it('in layers that no app loads, since there is none', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      configs: [configs]
      apps: []
      environments: [qa]
      //- /w/configs/common.yaml
      a: 1
    `);
    const shown = shownBy(workspace.model());
    expect(shown(workspace.model())).toEqual({});
    workspace.write('/w/configs/common.yaml', 'a: 1\na: 2\n');
    expectAsFresh(shown(workspace.model()), workspace.model());
    workspace.write('/w/configs/common.yaml', 'a: 1\n');
    expect(shown(workspace.model())).toEqual({});
  });

  it('where a mapping on the way to a setting refuses what another layer puts in its place', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      log: {name: x}
      //- /w/configs/common-qa.yaml
      log: 1
      //- /w/configs/common-overrides.yaml
      log: {host: !missing}
      //- /w/shop/deploy/configuration/shop-default.yaml
      shop: {}
    `);
    const shown = shownBy(workspace.model());
    shown(workspace.model());
    workspace.write('/w/configs/common-overrides.yaml', '# note\nlog: {host: !missing}\n');
    expectAsFresh(shown(workspace.model()), workspace.model());
  });

  it('where the workspace was opened anew, with settings of other numbers, before a change was taken in', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      a: 1
      //- /w/shop/deploy/configuration/shop-default.yaml
      a: one
    `);
    const shown = shownBy(workspace.model());
    expect(shown(workspace.model())).not.toEqual({});
    workspace.write('/w/configs/common.yaml', 'z: 1\na: two\n');
    workspace.reopen();
    expect(shown(workspace.model())).toEqual({});
  });
  it('where a mapping and its only key had one place, and have two now', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.trimEnd().replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      db: true
      //- /w/configs/common-qa.yaml
      db:
        host: x
    `);
    const shown = shownBy(workspace.model());
    shown(workspace.model());
    workspace.write('/w/configs/common-qa.yaml', 'db:\n  port: 1\n  host: x\n');
    expectAsFresh(shown(workspace.model()), workspace.model());
  });
});

describe('the symbols of a workspace', () => {
  const layers = `
    //- /w/strata.yaml
    ${manifest.replaceAll('\n', '\n    ')}
    //- /w/configs/common.yaml
    a: 1
    //- /w/configs/common-qa.yaml
    a: 2
  `;

  it('name no layer that is gone, also where it went before anybody asked', () => {
    const workspace = changing(layers);
    for (const _ of createChecker(workspace.model()).update(workspace.model()));
    workspace.move({ '/w/configs/common.yaml': undefined });
    const [found] = workspaceSymbols(workspace.model(), 'a', settingIndex());
    expect(found?.layers).toEqual(['common-qa']);
  });

  it('have their whole name below an empty key', () => {
    const workspace = changing(`
      //- /w/strata.yaml
      ${manifest.replaceAll('\n', '\n      ')}
      //- /w/configs/common.yaml
      '': {a: 1}
    `);
    const found = workspaceSymbols(workspace.model(), 'a', settingIndex());
    expect(found.map(({ name }) => name)).toEqual(['.a']);
  });

  it('have their layers in one order, whichever was read first', () => {
    const workspace = changing(`${layers.trimEnd()}
    //- /w/configs/nobodys.yaml
    a: 3
    //- /w/configs/anybodys.yaml
    a: 3
    `);
    for (const file of [...workspace.model().layerFiles()].reverse()) workspace.model().store.facts(file);
    const [found] = workspaceSymbols(workspace.model(), 'a', settingIndex());
    expect(found?.layers).toEqual(['common', 'common-qa', 'anybodys', 'nobodys']);
  });
});

describe('two folders that are open together', () => {
  it('are one workspace where the one with a manifest names the other', () => {
    const { files } = parseFixture(`
      //- /w/strata.yaml
      configs: [../central]
      apps: {shop: shop}
      environments: [qa]
      //- /central/common.yaml
      a: 1
    `);
    const found = discoverWorkspaces(mapSource(files), ['/w', '/central']);
    expect(found.map(({ root, configs }) => [root, configs])).toEqual([['/w', ['/central']]]);
  });

  it('are workspaces with roots of their own where it does not', () => {
    const { files } = parseFixture(`
      //- /w/strata.yaml
      configs: []
      apps: {shop: shop}
      environments: [qa]
      //- /central/common.yaml
      a: 1
    `);
    const found = discoverWorkspaces(mapSource(files), ['/w', '/central']);
    expect(found.map(({ root }) => root)).toEqual(['/w', '/central']);
  });

  it('have one workspace for one manifest, although one folder lies in the other', () => {
    const { files } = parseFixture(`
      //- /w/app/strata.yaml
      configs: []
      apps: {shop: shop}
      environments: [qa]
    `);
    const found = discoverWorkspaces(mapSource(files), ['/w', '/w/app']);
    expect(found.map(({ root }) => root)).toEqual(['/w/app']);
  });
});
