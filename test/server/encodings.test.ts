import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  HoverRequest,
  InlayHintRequest,
  type LocationLink,
  type MarkupContent,
  type Position,
  type Range,
  RenameRequest,
  SelectionRangeRequest,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applyChanges, chooseEncoding, type Encoding, offsetIn } from '../../server/lsp/encoding.ts';
import { uriOfFile } from '../../server/lsp/uri.ts';
import { startClient, type TestClient } from '../support/languageServer.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const encodings: readonly Encoding[] = ['utf-8', 'utf-16', 'utf-32'];

/** The same as the server's, written in another way. */
const units: Readonly<Record<Encoding, (text: string) => number>> = {
  'utf-8': (text) => Buffer.byteLength(text),
  'utf-16': (text) => text.length,
  'utf-32': (text) => Array.from(text).length,
};

function positionAt(text: string, offset: number, encoding: Encoding): Position {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { line: lines.length - 1, character: units[encoding](lines.at(-1) ?? '') };
}

/** Where some words stand in a text. */
function rangeOf(text: string, words: string, encoding: Encoding): Range {
  const start = text.indexOf(words);
  const end = start + words.length;
  return { start: positionAt(text, start, encoding), end: positionAt(text, end, encoding) };
}

const low = 'ключ: "😀 x"  # ü\nё: {😀a: "ü😀", port: 1, ß😀: x}\n';
const high = '# 😀\nё: {"😀": я, port: 2, ß😀: 3}\n';

const files = `
//- /strata.yaml
configs: [configs]
apps: {shop: shop}
environments: [qa]
//- /configs/common.yaml
${low}//- /configs/common-qa.yaml
${high}`;

describe.each(encodings)('positions in %s', (encoding) => {
  let client: TestClient;
  let folder: string;
  const file = (name: string) => path.join(folder, 'configs', name);
  const document = (name: string) => ({ textDocument: { uri: uriOfFile(file(name)) } });
  const start = async () => {
    folder = writeFiles(files);
    const capabilities = {
      general: { positionEncodings: [encoding] },
      textDocument: { definition: { linkSupport: true } },
    };
    client = await startClient([folder], { capabilities });
    await client.open(file('common.yaml'), low);
  };
  const hoverAt = async (position: Position) => {
    const found = await client.connection.sendRequest(HoverRequest.type, {
      ...document('common.yaml'),
      position,
    });
    return { range: found?.range, text: (found?.contents as MarkupContent | undefined)?.value };
  };
  const change = (version: number, ...contentChanges: TextDocumentContentChangeEvent[]) =>
    client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { ...document('common.yaml').textDocument, version },
      contentChanges,
    });
  afterEach(() => client.stop());

  it('are what the server says that it uses, and those of hovers, definitions and selections', async () => {
    await start();
    expect(client.capabilities.positionEncoding).toBe(encoding);
    const port = rangeOf(low, 'port', encoding);
    const shown = await hoverAt(port.end);
    expect(shown.range).toEqual(port);
    expect(shown.text).toContain('| qa | `2` |');
    const found = await client.connection.sendRequest(DefinitionRequest.type, {
      ...document('common.yaml'),
      position: port.start,
    });
    expect((found as LocationLink[]).map((one) => one.targetSelectionRange)).toEqual([
      rangeOf(high, 'port', encoding),
      port,
    ]);
    const [grown] =
      (await client.connection.sendRequest(SelectionRangeRequest.type, {
        ...document('common.yaml'),
        positions: [rangeOf(low, '"ü😀"', encoding).end],
      })) ?? [];
    expect(grown?.range).toEqual(rangeOf(low, '"ü😀"', encoding));
  });

  it('are those of edits, problems and hints', async () => {
    await start();
    const place = rangeOf(low, 'ß😀', encoding);
    const edit = await client.connection.sendRequest(RenameRequest.type, {
      ...document('common.yaml'),
      position: place.start,
      newName: 'straße',
    });
    expect(edit?.changes).toEqual({
      [uriOfFile(file('common.yaml'))]: [{ range: place, newText: 'straße' }],
      [uriOfFile(file('common-qa.yaml'))]: [{ range: rangeOf(high, 'ß😀', encoding), newText: 'straße' }],
    });
    await client.until(() => client.diagnostics(file('common-qa.yaml')).length === 1);
    const [problem] = client.diagnostics(file('common-qa.yaml'));
    expect(problem?.range).toEqual(rangeOf(high, '3', encoding));
    expect(problem?.relatedInformation?.[0]?.location.range.start).toEqual(
      positionAt(low, low.indexOf('x}'), encoding),
    );
    const hints = await client.connection.sendRequest(InlayHintRequest.type, {
      ...document('common.yaml'),
      range: { start: { line: 0, character: 0 }, end: positionAt(low, low.length, encoding) },
    });
    expect(hints?.map((one) => one.position)).toContainEqual(rangeOf(low, 'port: 1', encoding).end);
  });

  it('are those of changes, each in the text that the one before it left', async () => {
    await start();
    const first = low.replace('😀 x', '😀 ключ😀 x');
    const at = positionAt(low, low.indexOf(' x'), encoding);
    const second = first.replace('😀a: "ü😀", ', '');
    await change(
      1,
      { range: { start: at, end: at }, text: ' ключ😀' },
      { range: rangeOf(first, '😀a: "ü😀", ', encoding), text: '' },
    );
    const shown = await hoverAt(rangeOf(second, 'port', encoding).start);
    expect(shown.range).toEqual(rangeOf(second, 'port', encoding));
    expect((await hoverAt({ line: 0, character: 0 })).text).toContain('`"😀 ключ😀 x"`');
    await change(2, { text: `é: ${'😀'.repeat(3)}\nключ: whole\n` });
    expect((await hoverAt({ line: 1, character: 1 })).text).toContain('`"whole"`');
  });
});

describe('the encoding', () => {
  it('is UTF-16 where that can be had, else the first that is known', () => {
    expect(chooseEncoding()).toBe('utf-16');
    expect(chooseEncoding([])).toBe('utf-16');
    expect(chooseEncoding(['utf-8', 'utf-32', 'utf-16'])).toBe('utf-16');
    expect(chooseEncoding(['utf-7', 'utf-32', 'utf-8'])).toBe('utf-32');
    expect(chooseEncoding(['utf-7'])).toBe('utf-16');
  });

  it('puts a position within a character where the character begins, and one behind a line at its end', () => {
    const document = TextDocument.create('file:///x', 'yaml', 0, 'aü😀b\r\nc');
    const offsets = (encoding: Encoding) =>
      Array.from({ length: 11 }, (_, character) => offsetIn(document, { line: 0, character }, encoding));
    expect(offsets('utf-8')).toEqual([0, 1, 1, 2, 2, 2, 2, 4, 5, 5, 5]);
    expect(offsets('utf-32')).toEqual([0, 1, 2, 4, 5, 5, 5, 5, 5, 5, 5]);
    expect(offsetIn(document, { line: 9, character: 9 }, 'utf-8')).toBe(8);
  });
});

const anyText = fc
  .array(fc.constantFrom('a', ' ', ':', 'ü', 'я', '😀', '€', '\n', '\r\n', '\r', '\u{10ffff}'))
  .map((parts) => parts.join(''));
const anyEdit = fc.record({ from: fc.nat(), length: fc.nat({ max: 8 }), text: anyText });

describe('random edits', () => {
  it.each(encodings)('in %s leave the server with the text of the editor', (encoding) => {
    fc.assert(
      fc.property(anyText, fc.array(fc.array(anyEdit), { maxLength: 5 }), (text, batches) => {
        let here = text;
        let document = TextDocument.create('file:///x', 'yaml', 0, text);
        for (const [version, batch] of batches.entries()) {
          const changes = batch.map((one) => {
            const { before, behind, range } = cut(here, one, encoding);
            here = before + one.text + behind;
            return { range, text: one.text };
          });
          document = applyChanges(document, changes, version + 1, encoding);
        }
        expect(document.getText()).toBe(here);
      }),
    );
  });
});

/** A stretch of whole characters; none of them parts a line end in two. */
function cut(text: string, { from, length }: { from: number; length: number }, encoding: Encoding) {
  const chars = text.match(/\r\n|./gsu) ?? [];
  const start = from % (chars.length + 1);
  const before = chars.slice(0, start).join('');
  const inner = chars.slice(start, start + length).join('');
  const range = {
    start: positionAt(text, before.length, encoding),
    end: positionAt(text, before.length + inner.length, encoding),
  };
  return { before, behind: text.slice(before.length + inner.length), range };
}
