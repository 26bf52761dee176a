import { describe, expect, it } from 'vitest';
import { fileCandidates } from '../../client/rollout/fileCandidates.ts';
import { placeInLine, planDocument } from '../../client/rollout/planDocument.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import { RemoteError } from '../../remote/failure.ts';
import type { Looked } from '../../remote/rollout/look.ts';

const t = (message: string, ...values: (string | number)[]) =>
  message.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)]));

const empty: Plan = {
  ...{ app: 'shop', channel: 'master', from: '11', to: '12', isNoOp: false, digest: 'd' },
  ...{ commits: [], config: [], files: [], units: [], vhosts: [] },
  ...{ restarts: [], migrations: [], hooks: [], obstacles: [] },
};

function looked(box: string, plan: Partial<Plan>): Looked {
  return { box, request: { app: 'shop' }, plan: { ...empty, ...plan } };
}

function text(action: 'deploy' | 'rollback', ...all: Looked[]): string {
  return planDocument({ action, app: 'shop', environment: 'production', looked: all }, t);
}

describe('the document of plans', () => {
  it('tells which balancers boxes are taken out of, and put back into', () => {
    const balanced = { balancers: ['front'], leftOutOf: ['front'], staysOutOf: ['edge'] };
    const told = text('deploy', { ...looked('b1', {}), ...balanced }, looked('b2', {}));
    expect(told).toContain(
      '## b1: shop 11 → 12\n\n### Balancers\n\n- taken out of front first, and put back when it serves\n\n## b2: shop 11 → 12\n',
    );
    expect(text('deploy', { ...looked('b1', { isNoOp: true }), ...balanced })).toContain(
      '- put back into front: an earlier deployment left it out\n- left out of edge by an earlier deployment: strata balancers tells whether it still is\n',
    );
  });

  it('tells all that would be done, once for boxes that say the same', () => {
    const hash = (letter: string) => `sha256:${letter.repeat(64)}`;
    const plan = (secret: string): Partial<Plan> => ({
      commits: [{ sha: '0123456789abcdef', text: 'Cart: ``` and [a link](https://evil)\u001b[31m' }],
      config: [
        { setting: 'db.host', old: '"a"', new: '"b"', layer: 'configs/common-production.yaml:2:8' },
        { setting: 'db.password', old: hash(secret), new: hash('f'), layer: 'configs/common.yaml:3:1' },
        { setting: 'gone', old: '1', new: null, layer: '' },
      ],
      files: [
        { path: 'etc/nginx.conf', diff: '--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n ```\n' },
        { path: 'logo.png', diff: null },
      ],
      units: [{ name: 'shop.service', change: 'changed' }],
      vhosts: [{ name: 'shop.example', change: 'added' }],
      restarts: ['shop'],
      migrations: ['0002_cart'],
      hooks: ['prepare', 'deployed'],
    });
    expect(text('deploy', looked('us1', plan('a')), looked('us2', plan('b')))).toMatchInlineSnapshot(`
      "# Deploy shop to production

      Nothing is done before you say so.

      ## us1, us2 (2 boxes): shop 11 → 12

      ### Commits

      \`\`\`text
      01234567  Cart: \`\`\` and [a link](https://evil)
      \`\`\`

      ### Config

      \`\`\`diff
      @@ db.host @@ configs/common-production.yaml:2:8
      - "a"
      + "b"
      @@ db.password @@ configs/common.yaml:3:1
      - sha256:aaaaaaaa…
      + sha256:ffffffff…
      @@ gone @@
      - 1
      \`\`\`

      ### Files

      #### etc/nginx.conf

      \`\`\`\`diff
      @@ -1 +1 @@
      -old
      +new
       \`\`\`
      \`\`\`\`

      #### logo.png

      - its changes cannot be shown

      ### Units

      \`\`\`diff
      ! shop.service
      \`\`\`

      ### Virtual hosts

      \`\`\`diff
      + shop.example
      \`\`\`

      ### Restarts

      - shop

      ### Migrations

      - 0002_cart

      ### Hooks

      - prepare
      - deployed
      "
    `);
  });

  it('tells of obstacles, of boxes without a plan, and of those with nothing to do', () => {
    const error = new RemoteError('eu1', 'unreachable', 'nothing listens there');
    const gone = { box: 'eu1', request: { app: 'shop' }, error };
    const busy = looked('us1', { obstacles: ['ann deploys shop 11'] });
    const same = looked('us2', { isNoOp: true });
    const fresh = looked('us3', { from: null });
    expect(text('deploy', busy, same, fresh, gone)).toMatchInlineSnapshot(`
      "# Deploy shop to production

      Nothing is done before you say so.

      ## eu1: no plan

      - ⚠ nothing listens there

      ## us1: shop 11 → 12

      ### In the way

      - ⚠ ann deploys shop 11

      ## us2: shop 12 is live already, nothing to do

      ## us3: shop 12, nothing is live yet
      "
    `);
  });

  it('tells that it goes back', () => {
    expect(text('rollback', looked('us1', { from: '12', to: '11' }))).toContain('us1: shop 12 → 11, back');
    expect(text('deploy', looked('us1', { from: '12', to: '12' }))).toContain('us1: shop 12 once more');
  });
});

describe('the places in it', () => {
  it('are those at the ends of lines of config', () => {
    const line = '@@ db.host @@ configs/common production.yaml:2:8';
    const place = placeInLine(line);
    expect(place).toMatchObject({ file: 'configs/common production.yaml', line: 1, character: 7 });
    expect(line.slice(place?.start, place?.end)).toBe('configs/common production.yaml:2:8');
    for (const other of ['@@ -1 +1 @@', '@@ gone @@', '+ "a:1:2"', '']) {
      expect(placeInLine(other)).toBeUndefined();
    }
  });

  it('are looked for in the app and in the workspace, and nowhere else', () => {
    const workspace = { root: 'file:///w', apps: [{ name: 'shop', folder: 'file:///w/apps/shop' }] };
    expect(fileCandidates(workspace, 'shop', 'deploy/configuration/shop #1.yaml')).toEqual([
      'file:///w/apps/shop/deploy/configuration/shop%20%231.yaml',
      'file:///w/deploy/configuration/shop%20%231.yaml',
    ]);
    expect(fileCandidates(workspace, 'blog', 'configs/common.yaml')).toEqual([
      'file:///w/configs/common.yaml',
    ]);
    for (const out of ['/etc/passwd', '../x', 'a/../../x', 'a//b']) {
      expect(fileCandidates(workspace, 'shop', out)).toEqual([]);
    }
  });
});
