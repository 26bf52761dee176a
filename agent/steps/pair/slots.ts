import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere, writeLasting } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';
import { swingLink } from '../../releases/swing.ts';
import { type Slot, type SlotAddress, slots } from './settings.ts';

/** The folder of an app's slots: a link to the release and variables for each, and `serving`, a link to the one that gets requests. */
export interface SlotPlaces {
  /** The slot that gets requests; nothing before the first deployment. */
  serving(): Promise<Slot | undefined>;
  /** Puts down, on the disk, that a slot gets requests from now on. */
  serve(slot: Slot): Promise<void>;
  /** No slot does. */
  serveNone(): Promise<void>;
  /** Has a slot run a release from its next start on. */
  point(slot: Slot, release: string, address: SlotAddress): Promise<void>;
}

export function slotPlaces(root: string, app: string): SlotPlaces {
  const folder = path.join(appPlaces(root, app).folder, 'slots');
  return {
    async serving() {
      const name = await ifThere(fs.readlink(path.join(folder, 'serving')));
      return slots.find((slot) => slot === name);
    },
    serve: (slot) => swingLink(path.join(folder, 'serving'), slot),
    serveNone: () => fs.rm(path.join(folder, 'serving'), { force: true }),
    async point(slot, release, address) {
      await fs.mkdir(folder, { recursive: true, mode: 0o755 });
      const where = 'port' in address ? `PORT=${address.port}` : `SOCKET=${address.socket}`;
      const file = path.join(folder, `${slot}.env`);
      await writeLasting(file, `${where}\nSTRATA_SLOT=${slot}\nSTRATA_RELEASE=${release}\n`);
      await fs.chmod(file, 0o644);
      await swingLink(path.join(folder, slot), release);
    },
  };
}
