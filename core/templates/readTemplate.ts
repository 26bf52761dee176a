import type { Cursor } from './cursor.ts';
import { type Reading, startReading } from './scope.ts';
import { parseRest, parseStatement } from './statement.ts';
import type { Template, TemplateReference } from './template.ts';
import { type Block, readBlocks } from './tokens.ts';

/**
 * Reads any text as a Jinja2 template: its blocks, and the settings that it names through `conf`, `aconf`, `cconf`
 * and variables that stand for parts of them. Never fails; what is half typed gives what can be told.
 */
export function readTemplate(text: string): Template {
  const template: Template = {
    blocks: readBlocks(text),
    references: [],
    settings: [],
    accesses: [],
    open: [],
  };
  const reading = startReading(text, template);
  for (const block of template.blocks) readBlock(reading, block);
  template.settings = sameSettings(template.references);
  return template;
}

function sameSettings(references: readonly TemplateReference[]): TemplateReference[][] {
  const groups = new Map<string, TemplateReference[]>();
  for (const one of references) {
    const key = [one.root, ...one.path].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function readBlock(reading: Reading, { kind, tokens }: Block): void {
  if (kind === 'comment') return;
  const cursor: Cursor = { reading, tokens, at: 0, depth: 0, used: [] };
  if (kind === 'statement') parseStatement(cursor);
  else parseRest(cursor);
}
