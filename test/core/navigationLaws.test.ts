import fc from 'fast-check';
import { expect, it } from 'vitest';
import { declaration } from '../../core/features/declaration.ts';
import { definition } from '../../core/features/definition.ts';
import { documentHighlight } from '../../core/features/documentHighlight.ts';
import { documentLinks } from '../../core/features/documentLinks.ts';
import { documentSymbols, type SettingSymbol } from '../../core/features/documentSymbols.ts';
import { foldingRanges } from '../../core/features/foldingRanges.ts';
import { hover } from '../../core/features/hover.ts';
import { implementation } from '../../core/features/implementation.ts';
import { references } from '../../core/features/references.ts';
import { selectionRanges } from '../../core/features/selectionRanges.ts';
import { workspaceSymbols } from '../../core/features/workspaceSymbols.ts';
import type { Range } from '../../core/text/range.ts';
import { settingIndex } from '../../core/workspace/settingIndex.ts';
import { yamlTokens } from '../../core/yaml/tokens.ts';
import { modelOf } from '../support/fixture.ts';

const piece = fc.constantFrom(
  ...['a', 'b.c', '"d.e"', "'", '"', ': ', ':', '\n', '\r\n', '  ', '- ', '# x', '&x ', '*x', '<<', '{', '}'],
  ...[
    '[',
    ']',
    ',',
    '|',
    '>',
    '!missing ',
    '!deleted',
    '!replace ',
    '😀',
    '\t',
    '---',
    '...',
    '\u0002',
    '?',
    '%',
  ],
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
const files = ['/w/strata.yaml', '/w/configs/common.yaml', '/w/shop/deploy/configuration/public-data.yaml'];

it('every answer on any text lies within it', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.constantFrom(...files), (content, place, file) => {
      const all = new Map([
        ['/w/strata.yaml', 'configs: [configs]\napps: {shop: shop}\nenvironments: [qa]\n'],
        ['/w/configs/common-qa.yaml', 'a: 1\nb: {c: 2}\n'],
        [file, content],
      ]);
      all.set('/w/configs/shop.yaml', 'a: 2\n').set('/w/shop/deploy/configuration/shop-qa.yaml', 'b.c: 3\n');
      const model = modelOf(all);
      const offset = place % (content.length + 1);
      const isWithin = ({ start, end }: Range, of = content) =>
        0 <= start && start <= end && end <= of.length;
      const options = { chosen: undefined, linkTo: (one: string) => one, includeDeclaration: true };
      hover(model, file, offset, options);
      const places = [
        ...(definition(model, file, offset, undefined)?.definitions ?? []),
        ...(declaration(model, file, offset, undefined)?.definitions ?? []),
        ...(implementation(model, file, offset, undefined)?.definitions ?? []),
        ...(references(model, file, offset, options) ?? []),
        ...workspaceSymbols(model, 'a', settingIndex()).map((one) => one.place),
      ];
      for (const one of places) expect(isWithin(one.keyRange, all.get(one.file))).toBe(true);
      const check = (symbols: SettingSymbol[]) => {
        for (const { range, keyRange, children } of symbols) {
          expect(isWithin(range) && range.start <= keyRange.start && keyRange.end <= range.end).toBe(true);
          check(children);
        }
      };
      check(documentSymbols(model, file));
      const ranges = [
        ...documentHighlight(model, file, offset),
        ...foldingRanges(model, file),
        ...documentLinks(model, file, undefined),
      ];
      for (const { range } of ranges) expect(isWithin(range)).toBe(true);
      const [steps = []] = selectionRanges(model, file, [offset]);
      for (const one of steps) expect(isWithin(one) && one.start <= offset && offset <= one.end).toBe(true);
      for (const one of yamlTokens(content)) {
        const mark = { comment: '#', anchor: '&', alias: '*' }[one.kind];
        expect(content[one.start]).toBe(mark);
      }
    }),
    { numRuns: 500 },
  );
});
