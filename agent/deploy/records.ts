import fs from 'node:fs/promises';
import path from 'node:path';
import { isArtifactName } from '../../artifact/names.ts';
import { type Deployment, type DeploymentRequest, isResult, isState } from '../../protocol/deployment.ts';
import { ifThere, writeLasting } from '../releases/lasting.ts';

/** What the box keeps of a deployment beside its journal. */
export interface DeploymentRecord extends Deployment {
  /** One more than those of all before it: the clock may be set back. */
  number?: number;
  request: DeploymentRequest;
  /** The Idempotency-Key, and what it was used for. */
  key: { text: string; request: string } | null;
  /** Names of releases in `versions`; known when the app is locked. */
  swing: SwingRecord | null;
}

/** What a deployment changes of an app's links, and what was there before. */
export interface SwingRecord {
  /** The release that becomes live. */
  to: string;
  /** Whether this deployment makes it. */
  isNew: boolean;
  live: string | null;
  previous: string | null;
}

/** What of a record is told. */
export function publicPart(record: DeploymentRecord): Deployment {
  const { request: _request, key: _key, swing: _swing, number: _number, ...deployment } = record;
  return deployment;
}

/** The records of a box: a file each. */
export interface Records {
  save(record: DeploymentRecord): Promise<void>;
  remove(id: string): Promise<void>;
  /** All of them, oldest first; and those that cannot be read, which are set aside. */
  load(): Promise<{ records: DeploymentRecord[]; damaged: DamagedRecord[] }>;
}

/** A record that is not as it was written. */
export interface DamagedRecord {
  id: string;
  /** What is wrong with it, for a person. */
  why: string;
  /** What is left of it. */
  text: string;
}

export async function openRecords(folder: string): Promise<Records> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (id: string) => path.join(folder, `${id}.json`);
  return {
    save: (record) => writeLasting(file(record.id), JSON.stringify(record)),
    remove: (id) => fs.rm(file(id), { force: true }),
    async load() {
      const names = ((await ifThere(fs.readdir(folder))) ?? []).filter((name) => name.endsWith('.json'));
      const found = await Promise.all(names.map((name) => readRecord(folder, path.basename(name, '.json'))));
      const damaged = found.filter((one): one is DamagedRecord => 'why' in one);
      for (const { id } of damaged) await setAside(file(id));
      const records = found.filter((one): one is DeploymentRecord => !('why' in one));
      return { damaged, records: inOrder(records) };
    },
  };
}

/** As they were made; those that an agent made which did not count them come first. */
export function inOrder(records: DeploymentRecord[]): DeploymentRecord[] {
  const numberOf = ({ number = 0 }: DeploymentRecord) => number;
  return records.sort((a, b) => numberOf(a) - numberOf(b) || a.created - b.created || (a.id < b.id ? -1 : 1));
}

async function readRecord(folder: string, id: string): Promise<DeploymentRecord | DamagedRecord> {
  let text = '';
  try {
    text = await fs.readFile(path.join(folder, `${id}.json`), 'utf8');
    const value: unknown = JSON.parse(text);
    if (isRecord(value) && value.id === id) return value;
    return { id, text, why: 'it is not as it was written' };
  } catch (error) {
    return { id, text, why: (error as Error).message };
  }
}

/** One that cannot be set aside stays where it is, and is found again. */
async function setAside(file: string): Promise<void> {
  await fs.rename(file, `${file}.damaged`).catch(() => undefined);
}

const texts = ['id', 'app', 'channel', 'version', 'user', 'state', 'action'] as const;
const numbers = ['created', 'updated', 'lastEvent'] as const;

function isRecord(value: unknown): value is DeploymentRecord {
  if (typeof value !== 'object' || value === null) return false;
  const one = value as Partial<DeploymentRecord>;
  return (
    texts.every((key) => typeof one[key] === 'string') &&
    numbers.every((key) => Number.isFinite(one[key])) &&
    isArtifactName(one.app ?? '') &&
    isState(one.state) &&
    (one.result === null || isResult(one.result)) &&
    typeof one.request === 'object' &&
    one.request !== null &&
    (one.swing === null || isSwing(one.swing))
  );
}

/** Names become paths. */
function isSwing(swing: SwingRecord | undefined): boolean {
  const isName = (name: unknown) => typeof name === 'string' && path.basename(name) === name && name !== '..';
  if (swing === undefined || typeof swing.isNew !== 'boolean' || !isName(swing.to)) return false;
  return [swing.live, swing.previous].every((one) => one === null || isName(one));
}
