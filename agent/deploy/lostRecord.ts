import fs from 'node:fs/promises';
import path from 'node:path';
import { isArtifactName } from '../../artifact/names.ts';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { appNames } from './apps.ts';
import { appLock, type Fleet } from './fleet.ts';
import { ownerOf } from './lock.ts';
import type { DamagedRecord, DeploymentRecord } from './records.ts';

/** Stands for an app, a version or a user that nobody knows; no name of one. */
export const nobody = '?';

/** What can be told of a deployment whose record is damaged, kept instead of it. */
export async function recordOfDamaged(
  fleet: Fleet,
  { id, why, text }: DamagedRecord,
): Promise<DeploymentRecord> {
  const named = (key: string) => {
    const value = new RegExp(`"${key}":"([^"\\\\]+)"`).exec(text)?.[1];
    return value !== undefined && isArtifactName(value) ? value : undefined;
  };
  const app = named('app') ?? (await appOf(fleet, id)) ?? nobody;
  const counted = (key: string) => Number(new RegExp(`"${key}":(\\d+)`).exec(text)?.[1] ?? 0);
  const created = counted('created');
  const record: DeploymentRecord = {
    ...{
      number: counted('number'),
      id,
      app,
      action: text.includes('"action":"rollback"') ? 'rollback' : 'deploy',
    },
    ...{ channel: named('channel') ?? nobody, version: named('version') ?? nobody, previous: null },
    ...{ state: 'accepted', user: named('user') ?? nobody, created, updated: created, lastEvent: 0 },
    ...{ result: null, reason: `its record was damaged: ${why}`, request: { app }, key: null, swing: null },
  };
  await fleet.box.records.save(record).catch(() => undefined);
  return record;
}

/** The app that a deployment had: its lock says so, or what it had unpacked. */
async function appOf(fleet: Fleet, id: string): Promise<string | undefined> {
  const { root } = fleet.box.options;
  for (const app of await appNames(root)) {
    const owner = await ownerOf(appLock(fleet, app)).catch(() => undefined);
    const staged = path.join(appPlaces(root, app).unpack, id);
    if (owner?.deployment === id || (await ifThere(fs.stat(staged))) !== undefined) return app;
  }
  return undefined;
}
