import {
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type LocationLink,
  type Hover as LspHover,
  type Range as LspRange,
  MarkupKind,
} from 'vscode-languageserver';
import type { Definitions } from '../../core/features/definition.ts';
import type { Hover } from '../../core/features/hover.ts';
import type { Finding } from '../../core/features/lint.ts';
import type { Position } from '../../core/text/lines.ts';
import type { Range } from '../../core/text/range.ts';
import { uriOfFile } from './uri.ts';

/** Finds places of files as the editor knows them. */
export interface PositionOf {
  /** The line of a file's offset. */
  (file: string, offset: number): Position;
  /** The address of a file: that of its buffer, where it is not saved yet. */
  uriOf(file: string): string;
}

/** Converts ranges of one file. */
export function toRange(file: string, range: Range, positionOf: PositionOf): LspRange {
  return { start: positionOf(file, range.start), end: positionOf(file, range.end) };
}

export function toHover(hover: Hover, file: string, positionOf: PositionOf): LspHover {
  return {
    contents: { kind: MarkupKind.Markdown, value: hover.markdown },
    range: toRange(file, hover.range, positionOf),
  };
}

export function toLocationLinks(found: Definitions, file: string, positionOf: PositionOf): LocationLink[] {
  const originSelectionRange = toRange(file, found.origin, positionOf);
  return found.definitions.map((one) => ({
    originSelectionRange,
    targetUri: positionOf.uriOf(one.file),
    targetRange: toRange(one.file, one.range, positionOf),
    targetSelectionRange: toRange(one.file, one.keyRange, positionOf),
  }));
}

/** @param where the contexts that the finding holds in, in words. */
export function toDiagnostic(one: Finding, where: string, positionOf: PositionOf): Diagnostic {
  const setting = one.setting === undefined ? '' : `${one.setting}: `;
  return {
    range: toRange(one.file, one.range, positionOf),
    severity: one.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code: one.code,
    source: 'strata',
    message: `${setting}${one.message}${where === '' ? '' : ` [${where}]`}`,
    ...(one.unnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...problemData(one),
    relatedInformation: one.related.map((place) => ({
      message: place.message,
      location: { uri: positionOf.uriOf(place.file), range: toRange(place.file, place.range, positionOf) },
    })),
  };
}

/** What a fix needs to know of a problem beside its code and its place. */
export interface ProblemData {
  setting?: string;
  meant?: string;
}

function problemData({ setting, meant }: Finding): { data?: ProblemData } {
  if (setting === undefined && meant === undefined) return {};
  return {
    data: { ...(setting === undefined ? {} : { setting }), ...(meant === undefined ? {} : { meant }) },
  };
}

/** The address of a place that VS Code opens at its line (`#L3,5`). */
export function placeUri(file: string, { line, character }: Position): string {
  return `${uriOfFile(file)}#L${line + 1},${character + 1}`;
}
