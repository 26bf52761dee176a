import fs from 'node:fs';
import { AgentError } from '../failure.ts';
import type { AgentConfig } from './config.ts';
import { faultText } from './fault.ts';
import type { Places } from './places.ts';
import { readConfig } from './readConfig.ts';

/** Reads the config file of a box; `invalid`, with a line `FILE:LINE:COLUMN: MESSAGE` for all that is wrong with it. */
export function loadConfig(places: Places): AgentConfig {
  const read = readConfig(textOf(places.config), places);
  if ('config' in read) return read.config;
  throw new AgentError('invalid', read.faults.map(faultText).join('\n'), { faults: read.faults });
}

/** The text without a byte order mark; one that is not UTF-8 is refused. */
function textOf(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'it is not there: `strata-agent init` can make it'
        : code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? 'it is no UTF-8'
          : (error as Error).message;
    throw new AgentError('invalid', `${file} cannot be read: ${why}`, { cause: error });
  }
}
