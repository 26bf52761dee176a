import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContextName } from '../../protocol/contexts.ts';
import { effectiveMethods } from '../../protocol/effective.ts';
import {
  type ExplanationResult,
  explanationMethods,
  isExplanationResult,
} from '../../protocol/explanation.ts';
import { isLayerMapResult, isSlotsResult, layersMethods } from '../../protocol/layers.ts';
import { isSettingsResult, settingsMethods } from '../../protocol/settings.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: {qa: , production: {clusters: [us]}}
//- /configs/common.yaml
db:
  host: one
ports: [1]
//- /configs/common-production.yaml
db: {host: two}
//- /shop/deploy/configuration/shop-default.yaml
shop: {name: "ü😀", port: 1}
`;

const qa: ContextName = { app: 'shop', environment: 'qa', cluster: null, mode: 'deploy', label: 'qa' };
const nowhere: ContextName = { ...qa, environment: 'nowhere', label: 'nowhere' };

let folder: string;
let client: TestClient;

beforeEach(async () => {
  folder = writeFiles(files);
  client = await startClient([folder]);
});

afterEach(() => client.stop());

const ask = (method: string, params: unknown) => client.connection.sendRequest<unknown>(method, params);

async function explain(params: unknown): Promise<ExplanationResult> {
  const answer = await ask(explanationMethods.explain, params);
  if (!isExplanationResult(answer)) throw new Error(`no explanation: ${JSON.stringify(answer)}`);
  return answer;
}

describe('strata/settings', () => {
  it('tells every setting of a context and where it comes from', async () => {
    const answer = await ask(settingsMethods.settings, qa);
    if (!isSettingsResult(answer)) throw new Error(JSON.stringify(answer));
    const rows = answer.settings.map(({ setting, value, kind, source }) => {
      const place = source && `${source.file}:${source.line}:${source.character}`;
      return `${setting.join('.')} = ${value} ${kind} ${place}`;
    });
    expect(rows).toEqual([
      'yoconfigurator.app = "shop" builtIn null',
      'db.host = "one" own configs/common.yaml:1:2',
      'ports = [1] own configs/common.yaml:2:0',
      'shop.name = "ü😀" own shop/deploy/configuration/shop-default.yaml:0:7',
      'shop.port = 1 own shop/deploy/configuration/shop-default.yaml:0:20',
    ]);
    expect(answer.settings[1]?.source?.uri).toBe(uriOfFile(`${folder}/configs/common.yaml`));
  });
});

describe('strata/explain', () => {
  const chain = ({ contexts }: ExplanationResult, label: string) =>
    contexts
      .find(({ context }) => context.label === label)
      ?.chain.map(({ slot, action, value, place, wins }) => {
        return `${slot} ${action} ${value} ${place?.line}:${place?.character}${wins ? ' wins' : ''}`;
      });

  it('tells what every layer says of the setting at a place, in every context', async () => {
    const uri = uriOfFile(`${folder}/configs/common-production.yaml`);
    await client.open(`${folder}/configs/common-production.yaml`, 'db: {host: two}\n');
    const found = await explain({ textDocument: { uri }, position: { line: 0, character: 6 } });
    expect(found).toMatchObject({ app: 'shop', setting: ['db', 'host'] });
    expect(found.contexts.map(({ context, value }) => `${context.label}: ${value}`)).toEqual([
      'qa: "one"',
      'production/us: "two"',
    ]);
    expect(chain(found, 'production/us')).toEqual([
      'common set "one" 1:2',
      'common-production set "two" 0:5 wins',
      'shop-default null null 0:0',
    ]);
  });

  it('tells it of a setting by its name, also where no context has it', async () => {
    const found = await explain({ context: qa, setting: ['shop', 'port'] });
    expect(found.contexts[found.active]?.context.label).toBe('qa');
    expect(chain(found, 'qa')).toEqual(['common null null 0:0', 'shop-default set 1 0:20 wins']);
    const none = await explain({ context: qa, setting: ['not', 'there'] });
    expect(none.contexts.map(({ value }) => value)).toEqual([null, null]);
  });
});

describe('strata/slots', () => {
  it('tells where layers are, and where they could be', async () => {
    const answer = await ask(layersMethods.slots, { context: qa });
    if (!isSlotsResult(answer)) throw new Error(JSON.stringify(answer));
    const rows = answer.slots.map(
      ({ file, isThere, contexts }) => `${file} ${isThere}: ${contexts.join(' ')}`,
    );
    expect(rows.filter((row) => / true:|shop-production-us/.test(row))).toMatchInlineSnapshot(`
      [
        "configs/common.yaml true: qa production/us",
        "configs/common-production.yaml true: production/us",
        "shop/deploy/configuration/shop-default.yaml true: qa production/us",
        "shop/deploy/configuration/shop-production-us.yaml false: production/us",
        "shop/deploy/configuration/local/shop-production-us.yaml false: production/us (build)",
        "configs/shop-production-us.yaml false: production/us",
      ]
    `);
  });
});

describe('strata/layerMap', () => {
  it('tells which layers speak of what, and which win', async () => {
    const answer = await ask(layersMethods.map, { context: qa });
    if (!isLayerMapResult(answer)) throw new Error(JSON.stringify(answer));
    expect(answer.layers.map(({ slot }) => slot)).toEqual(['common', 'common-production', 'shop-default']);
    expect(answer.sections[0]).toMatchObject({
      path: ['db', 'host'],
      cells: [
        {
          layer: 0,
          place: { line: 1, character: 2 },
          contexts: [{ won: 1 }, { context: 1, given: 1, won: 0 }],
        },
        { layer: 1, place: { line: 0, character: 5 }, contexts: [{ context: 1, given: 1, won: 1 }] },
      ],
    });
  });
});

it.each([
  [settingsMethods.settings, nowhere],
  [settingsMethods.settings, { app: 1 }],
  [settingsMethods.settings, 7],
  [explanationMethods.explain, { context: nowhere, setting: ['a'] }],
  [explanationMethods.explain, { context: qa }],
  [
    explanationMethods.explain,
    { textDocument: { uri: 'file:///nowhere.yaml' }, position: { line: 1, character: 0 } },
  ],
  [explanationMethods.explain, 'x'],
  [layersMethods.slots, { context: nowhere }],
  [layersMethods.slots, {}],
  [layersMethods.map, { context: nowhere }],
  [layersMethods.map, 'x'],
  [effectiveMethods.document, { context: nowhere, ref: 'HEAD' }],
  [effectiveMethods.document, { context: qa, ref: 'HEAD~1' }],
])('%s of %j is not there', async (method, params) => {
  expect(await ask(method, params)).toBe(null);
});
