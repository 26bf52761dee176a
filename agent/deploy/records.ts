import fs from 'node:fs/promises';
import path from 'node:path';
import type { Deployment, DeploymentRequest } from '../../protocol/deployment.ts';
import { ifThere, readJson, writeLasting } from '../releases/lasting.ts';

/** What the box keeps of a deployment beside its journal. */
export interface DeploymentRecord extends Deployment {
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
  const { request: _request, key: _key, swing: _swing, ...deployment } = record;
  return deployment;
}

/** The records of a box: a file each. */
export interface Records {
  save(record: DeploymentRecord): Promise<void>;
  remove(id: string): Promise<void>;
  /** All of them, oldest first. */
  load(): Promise<DeploymentRecord[]>;
}

export async function openRecords(folder: string): Promise<Records> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = (id: string) => path.join(folder, `${id}.json`);
  return {
    save: (record) => writeLasting(file(record.id), JSON.stringify(record)),
    remove: (id) => fs.rm(file(id), { force: true }),
    async load() {
      const names = ((await ifThere(fs.readdir(folder))) ?? []).filter((name) => name.endsWith('.json'));
      const found = await Promise.all(names.map((name) => readJson(path.join(folder, name))));
      const known = found.filter((one) => typeof one?.id === 'string' && typeof one.app === 'string');
      return (known as unknown as DeploymentRecord[]).sort(
        (a, b) => a.created - b.created || (a.id < b.id ? -1 : 1),
      );
    },
  };
}
