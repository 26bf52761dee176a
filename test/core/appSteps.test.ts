import { describe, expect, it } from 'vitest';
import { createChecker } from '../../core/check/checker.ts';
import { complete } from '../../core/features/completion/complete.ts';
import { documentLinks } from '../../core/features/documentLinks.ts';
import { explainSteps } from '../../core/features/explainSteps.ts';
import { foldingRanges } from '../../core/features/foldingRanges.ts';
import { hover } from '../../core/features/hover.ts';
import { lint } from '../../core/features/lint.ts';
import { stepsDocument } from '../../core/features/stepsDocument.ts';
import type { FileText } from '../../core/source.ts';
import { applyEdits } from '../../core/text/edits.ts';
import { type App, appNamed } from '../../core/workspace/workspace.ts';
import { actionsAt, changed, shown } from '../support/actions.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

const steps = '/w/shop/deploy/steps.yaml';
const beginning = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop, site: site}
  environments: {local: , qa: , production: {clusters: [us, eu]}}
  //- /w/configs/common.yaml
  common: {}
  //- /w/configs/site-qa.yaml
  site: {healthcheck: {tcp: "127.0.0.1:80"}}
  //- /w/site/deploy/configuration/site-default.yaml
  site: {}
  //- /w/site/site/WEB-INF/web.xml
  <web-app/>
  //- /w/shop/requirements.txt
  django
  //- /w/shop/deploy/configuration/shop-default.yaml
  shop: {}
  //- /w/shop/deploy/templates/nginx/shop.conf
  a
  //- /w/shop/deploy/templates/nginx/sites/more.conf
  a
  //- /w/shop/deploy/templates/systemd/shop.service
  a
`;

/** The workspace with what the shop says of its steps, as it stands, cursor and all. */
function open(said: string) {
  const indented = said.split('\n').map((line) => `  ${line}`);
  const fixture = parseFixture(`${beginning}  //- ${steps}\n${indented.join('\n').replace(/ +$/, '')}`);
  return { ...fixture, model: modelOf(fixture.files) };
}

/** Line and text of the problems of the shop's steps. */
function problems(said: string): string[] {
  const { model, files } = open(said);
  const text = files.get(steps) ?? '';
  return lint(model).map(({ file, code, severity, range, message, contexts }) => {
    expect([file, contexts]).toEqual([steps, []]);
    return `${code} ${severity} [${text.slice(range.start, range.end)}] ${message}`;
  });
}

describe('what is wrong with the steps of an app', () => {
  it.each([
    ['health: true\n', []],
    ['', []],
    ['# later\n', []],
    ['{virtualenv: false, "node": {}}\r\n', []],
    ['helth: true\n', ['steps error [helth] the key `helth` is not known here. Did you mean `health`?']],
    [
      'health: {htp: x, interval: 5}\n',
      [
        'steps error [htp] the key `htp` is not known here. Did you mean `http`?',
        'steps error [5] expected text, found a number',
      ],
    ],
    [
      'data: {media: {mod: "0750", mode: "9"}}\n',
      [
        'steps error [mod] the key `mod` is not known here. Did you mean `mode`?',
        'steps error ["9"] `9` is no mode: write it in quotes, as in \'0750\'',
      ],
    ],
    ['django:\n', ['steps error [] expected true or false or a mapping, found null']],
    [
      'order: [djang, virtualenv, virtualenv]\n',
      [
        'steps error [[djang, virtualenv, virtualenv]] names something twice',
        'steps error [djang] must be one of virtualenv, node, data, templates, django, assets, supervisor, upstart, systemd, nginx, apache, tomcat',
      ],
    ],
    ['- a\n', ['not-a-mapping error [- a] this must be a mapping of keys to values, and it is a list']],
    [
      'validate: true\nvalidate: false\n',
      [
        'duplicate-key error [validate] the key `validate` is given twice in this mapping: the first one counts',
      ],
    ],
  ])('%j', (said, expected) => {
    expect(problems(said)).toEqual(expected);
  });

  it('holds at what is half typed', () => {
    for (const said of [
      'health: {http: "',
      'order: [',
      'da\tta: x',
      '"\ud83d: 1',
      'health:\n\ttcp: 1\n',
      '&a a: *b',
    ]) {
      expect(lint(open(said).model).every(({ file }) => file === steps)).toBe(true);
    }
  });

  it('is told of a file that cannot be read, or not as a text', () => {
    const { model } = open('');
    const withSteps = (content: FileText) =>
      lint({ ...model, read: (file) => (file === steps ? content : model.read(file)) });
    const at = { code: 'steps', file: steps };
    expect(withSteps({ error: 'gone' })).toMatchObject([{ ...at, message: 'gone', range: { start: 0 } }]);
    const bytes = { text: 'node: \ufffd', fault: { message: 'no UTF-8', offset: 6 } };
    expect(withSteps(bytes)).toMatchObject([
      { ...at, message: 'expected true or false or a mapping, found text' },
      { ...at, message: 'no UTF-8', range: { start: 6 } },
    ]);
  });

  it('is told of the apps alone that are looked at', () => {
    const { model } = open('helth: true\n');
    expect([lint(model, ['site']), lint(model, ['shop'])]).toMatchObject([[], [{ code: 'steps' }]]);
  });

  it('comes and goes with the file, what it says, and the app', () => {
    const { files, model } = open('helth: true\n');
    const checker = createChecker(model);
    const told = (now = model) => {
      for (const _ of checker.update(now));
      return checker.findings(steps).length;
    };
    expect([told(), [...checker.takeTouched()].includes(steps)]).toEqual([1, true]);
    files.set(steps, 'health: true\n');
    model.fileChanged(steps);
    expect([told(), [...checker.takeTouched()]]).toEqual([0, [steps]]);
    files.set(steps, 'health: 1\n');
    model.fileChanged(steps);
    expect(told()).toBe(1);
    const without = { ...model.workspace, apps: model.workspace.apps.filter(({ name }) => name !== 'shop') };
    model.filesMoved();
    expect([told(model.withWorkspace(without)), checker.files()]).toEqual([0, []]);
    expect(told(model.withWorkspace({ ...model.workspace }))).toBe(1);
    files.delete(steps);
    model.filesMoved();
    expect(told(model.withWorkspace({ ...model.workspace }))).toBe(0);
  });

  it.each([
    ['helth: true\n', 'health: true\n'],
    ['health:\n  "htp": http://a/\n', 'health:\n  "http": http://a/\n'],
    ['order:\n  - djang\n', 'order:\n  - django\n'],
    ['order: ["tomca"]\n', 'order: ["tomcat"]\n'],
  ])('has a fix for the misspelt: %j', (said, expected) => {
    const { model, files } = open(said);
    const problem = lint(model)[0];
    if (problem === undefined) throw new Error('there is no problem');
    const request = { problems: [shown(problem)], only: ['quickfix'] };
    const [action] = actionsAt(model, steps, problem.range.start, request);
    expect(action?.preferred).toBe(true);
    const change = action?.change();
    expect(change && changed(files, change).get(steps)).toBe(expected);
  });
});

describe('hovers over the steps of an app', () => {
  function at(said: string): string {
    const { model, cursor, files } = open(said);
    const found = hover(model, steps, cursor.offset, { chosen: undefined, linkTo: () => '' });
    const place = files.get(steps)?.slice(found?.range.start, found?.range.end);
    return found === undefined ? '(none)' : `[${place}] ${found.markdown.split('\n\n').slice(1).join(' / ')}`;
  }

  it.each([
    [
      'virt$0ualenv: true\n',
      '[virtualenv] The virtualenv of requirements.txt, linked into the release as `virtualenv`. / Done in this app: requirements.txt.',
    ],
    [
      'virt$0ualenv: false\n',
      '[virtualenv] The virtualenv of requirements.txt, linked into the release as `virtualenv`. / Left out by this file, in spite of requirements.txt.',
    ],
    [
      'order: [systemd, ngi$0nx]\n',
      /^\[nginx\] Steps in the order .* \/ Done in this app: 2 files in deploy\/templates\/nginx\/\. On boxes alone/,
    ],
    [
      'no$0de:\n',
      '[node] The node_modules of package-lock.json. / Not done in this app: no package-lock.json.',
    ],
    ['pa$0ir: {}\n', /Done in this app, since this file asks for it\. On boxes alone that let/],
    ['pa$0ir: false\n', /Left out by this file\.$/],
    ['tem$0plates:\n', /Not done in this app: no file in deploy\/templates\/ that is not another step's\.$/],
    ['con$0fig: {}\n', /Done in every app\.$/],
    ['health: {inter$0val: 1s}\n', '[interval] How long to wait between two looks (default: 1s).'],
    ['data: {media: {lin$0k: a}}\n', '[link] Where a release has the link to it (default: `data/NAME`).'],
    ['data: {med$0ia: {link: a}}\n', '[media] A folder `ROOT/APP/data/NAME` that outlives releases.'],
    ['helth$0: true\n', '(none)'],
    ['health: {constructor$0: 1}\n', '(none)'],
    ['# he$0alth\n', '(none)'],
  ])('%j', (said, expected) => {
    if (typeof expected === 'string') expect(at(said)).toBe(expected);
    else expect(at(said)).toMatch(expected);
  });
});

describe('completion in the steps of an app', () => {
  function offered(said: string) {
    const { model, cursor } = open(said);
    return complete(model, steps, cursor.offset, undefined);
  }
  const chosen = (said: string, label: string) => {
    const { files } = open(said);
    const one = offered(said).find((each) => each.label === label);
    return one && applyEdits(files.get(steps) ?? '', [one.edit]);
  };

  it.each([
    [
      'health:\n  m$0\n',
      ['http', 'status', 'body', 'tcp', 'command', 'interval', 'minHealthy', 'timeout', 'startPeriod'],
    ],
    [
      'health:\n  http: http://a\n  tcp: a:1\n  command: x\n  status: 1\n  timeout: 1s\n  $0\n',
      ['body', 'interval', 'minHealthy', 'startPeriod'],
    ],
    ['data:\n  media:\n    $0\n', ['link', 'mode', 'owner', 'group']],
    ['data:\n  $0\n', []],
    ['config: {public: {$0}}\n', ['file', 'token']],
    ['virtualenv: $0\n', ['true', 'false']],
    ['health: {http: $0}\n', []],
    [
      'order: [virtualenv, node, data, templates, django, assets, su$0]\n',
      ['supervisor', 'upstart', 'systemd', 'nginx', 'apache', 'tomcat'],
    ],
    ['# $0\n', []],
  ])('%j', (said, expected) => {
    expect(offered(said).map(({ label }) => label)).toEqual(expected);
  });

  it('offers each step that is not there yet, with what of it is found', () => {
    const found = offered('health: true\n$0\n');
    expect(found.map(({ label, detail = '' }) => `${label} ${detail}`.trim())).toEqual([
      'order',
      'config always',
      'virtualenv requirements.txt',
      ...['node', 'data', 'templates', 'django', 'assets', 'supervisor', 'upstart'],
      'systemd deploy/templates/systemd/shop.service',
      'pair',
      'nginx 2 files in deploy/templates/nginx/',
      ...['apache', 'tomcat', 'validate'],
    ]);
    expect(found[2]?.documentation).toContain('The virtualenv of requirements.txt');
  });

  it('writes what is chosen', () => {
    expect(chosen('vali$0\n', 'validate')).toBe('validate: \n');
    expect(chosen('order:\n  - $0\n', 'django')).toBe('order:\n  - django\n');
    expect(chosen('order:\n  -$0\n', 'django')).toBe('order:\n  - django\n');
    expect(chosen('validate:$0\n', 'false')).toBe('validate: false\n');
  });
});

describe('the rest of what editors ask of the steps of an app', () => {
  it('folds, and leads to what steps are found by', () => {
    const { model } = open('nginx: false\nvirtualenv:\n  {\n  }\nnode: true\npair: true\n');
    expect(foldingRanges(model, steps)).toHaveLength(1);
    expect(documentLinks(model, steps, undefined)).toEqual([
      { range: { start: 13, end: 23 }, target: { file: '/w/shop/requirements.txt', offset: 0 } },
      {
        range: { start: 0, end: 5 },
        target: { file: '/w/shop/deploy/templates/nginx/shop.conf', offset: 0 },
      },
    ]);
  });
});

describe('the steps of an app, explained', () => {
  function told(said: string | undefined, name = 'shop'): string[] {
    const { files } = said === undefined ? parseFixture(beginning) : open(said);
    const model = modelOf(files);
    const explained = explainSteps(model, appNamed(model.workspace, name) as App);
    return explained.map((one) => `${one.isOn ? '+' : '-'} ${one.name} (${one.by}) ${one.why}`);
  }

  it('are what is found where nothing is said', () => {
    expect(told(undefined)).toMatchInlineSnapshot(`
      [
        "+ config (convention) always",
        "+ virtualenv (convention) requirements.txt",
        "- node (convention) no package-lock.json",
        "- data (convention) no file in deploy/data/",
        "- templates (convention) no file in deploy/templates/ that is not another step's",
        "- django (convention) no manage.py",
        "- assets (convention) deploy/steps.yaml does not ask for it",
        "- supervisor (convention) no file in deploy/templates/supervisord/",
        "- upstart (convention) no file in deploy/templates/upstart/",
        "+ systemd (convention) deploy/templates/systemd/shop.service",
        "- pair (convention) deploy/steps.yaml does not ask for it",
        "+ nginx (convention) 2 files in deploy/templates/nginx/",
        "- apache (convention) no file in deploy/templates/apache2/",
        "- tomcat (convention) no file in shop/WEB-INF/",
        "- health (convention) no setting shop.healthcheck, and deploy/steps.yaml does not ask for it",
        "- validate (convention) no deploy/hooks/validate",
      ]
    `);
  });

  it('are found in settings and folders of the app name as well', () => {
    expect(told(undefined, 'site').filter((one) => one.startsWith('+'))).toMatchInlineSnapshot(`
      [
        "+ config (convention) always",
        "+ tomcat (convention) site/WEB-INF/",
        "+ health (setting) the setting site.healthcheck in qa",
      ]
    `);
  });

  it('are in the order, and as the file says', () => {
    const said = 'order: [nginx, virtualenv]\nsystemd: false\npair: {}\nhealth: false\n';
    expect(told(said).filter((one) => /nginx|virtualenv|\(file\)/.test(one))).toMatchInlineSnapshot(`
      [
        "+ nginx (convention) 2 files in deploy/templates/nginx/",
        "- systemd (file) deploy/steps.yaml says so",
        "+ pair (file) deploy/steps.yaml asks for it",
        "+ virtualenv (convention) requirements.txt",
        "- health (file) deploy/steps.yaml says so",
      ]
    `);
  });

  it('are those of central settings alone for an app without a folder', () => {
    const { files } = parseFixture(`
      //- /w/strata.yaml
      configs: [configs]
      apps: {shop: {}}
      environments: [qa]
      //- /w/configs/common.yaml
      a: 1
    `);
    const model = modelOf(files);
    const explained = model.workspace.apps.flatMap((app) => explainSteps(model, app));
    expect(explained.filter(({ isOn }) => isOn).map(({ name }) => name)).toEqual(['config']);
  });
});

describe('the steps of an app as a text', () => {
  const textOf = (said: string, app = 'shop') => {
    const { model } = open(said);
    return stepsDocument(model, appNamed(model.workspace, app) as App);
  };

  it('tell what is done in its order, what is not, and what only some boxes do', () => {
    const text = textOf('order: [django, virtualenv]\nnginx: false\npair: true\n');
    expect(
      text.split('# What is not done')[0],
    ).toBe(`# Steps of shop: what is done when it is deployed, in this order

step        found by                               said in
config      always
virtualenv  requirements.txt
systemd     deploy/templates/systemd/shop.service
pair                                               shop/deploy/steps.yaml:3

`);
    expect(text).toMatch(
      /^nginx +left out, in spite of 2 files in deploy\/templates\/nginx\/ +shop\/deploy\/steps\.yaml:2$/m,
    );
    expect(text.endsWith('\n# On boxes with steps.system alone: systemd, pair\n')).toBe(true);
  });

  it('begin with what is wrong with its file, and tell what is right of it', () => {
    const text = textOf('helth: true\r\nnode: true\r\n');
    expect(text).toContain(`# No box deploys it before this is right in deploy/steps.yaml
shop/deploy/steps.yaml:1: the key \`helth\` is not known here. Did you mean \`health\`?
`);
    expect(text).toMatch(/^node +shop\/deploy\/steps\.yaml:2$/m);
  });

  it('say of an app that has no steps of its own why', () => {
    expect(textOf('', 'site')).toMatch(/^health +the setting site\.healthcheck in qa$/m);
  });
});
