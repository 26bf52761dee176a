import { crc32 } from 'node:zlib';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';

const head = /^([0-9a-f]{8}) (\d{1,8}) /;
const longestHead = 18;

/**
 * An event as a line of a journal: the CRC-32 of the JSON in hexadecimal, its length in bytes, and the JSON, which never holds
 * a line break. `cat` shows it, and what was cut off or altered gives itself away:
 *
 *     5b1c6e0f 68 {"seq":1,"time":1790000000000,"type":"state","state":"accepted"}
 */
export function recordLine(event: DeploymentEvent): string {
  const json = JSON.stringify(event);
  return `${crc32(json).toString(16).padStart(8, '0')} ${Buffer.byteLength(json)} ${json}\n`;
}

/** The event of a line without its line break; `undefined` where it is not as it was written. */
export function readRecord(line: Buffer): DeploymentEvent | undefined {
  const [start, sum, length] = head.exec(line.toString('latin1', 0, longestHead)) ?? [];
  if (start === undefined || sum === undefined) return undefined;
  const json = line.subarray(start.length);
  if (json.length !== Number(length) || crc32(json) !== Number.parseInt(sum, 16)) return undefined;
  return eventOf(json);
}

function eventOf(json: Buffer): DeploymentEvent | undefined {
  try {
    const event = JSON.parse(json.toString());
    return Number.isSafeInteger(event?.seq) && event.seq > 0 ? event : undefined;
  } catch {
    return undefined;
  }
}
