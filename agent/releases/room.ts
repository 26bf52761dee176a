import fs from 'node:fs/promises';
import { bytesText } from '../../artifact/bytes.ts';
import { AgentError } from '../failure.ts';

/** What a deployment will take of a disk. */
export interface Room {
  bytes: number;
  inodes: number;
}

/** Always left free: for journals, links, and what others write meanwhile. */
const margin: Room = { bytes: 8 * 1024 * 1024, inodes: 64 };

/**
 * Sees to it that there is room, and makes some where there is too little; `full`.
 * @param needed what is surely needed: less is refused.
 * @param wanted what is likely needed: for that, too, room is made, but nothing is refused.
 */
export async function checkRoom(
  folder: string,
  needed: Room,
  wanted: Room,
  makeRoom: () => Promise<void>,
): Promise<void> {
  if (await hasRoom(folder, wanted)) return;
  await makeRoom();
  const free = await freeRoom(folder);
  if (covers(free, needed)) return;
  const [need, have] = [
    `${bytesText(needed.bytes + margin.bytes)} and ${needed.inodes + margin.inodes} inodes`,
    free,
  ];
  throw new AgentError(
    'full',
    `${folder} has ${bytesText(have.bytes)} and ${have.inodes} inodes free, and ${need} are needed: make room there`,
    { needed, free },
  );
}

/** Whether there is so much room, and some beside it. */
export async function hasRoom(folder: string, room: Room, beside: Room = margin): Promise<boolean> {
  return covers(await freeRoom(folder), room, beside);
}

function covers(free: Room, room: Room, beside: Room = margin): boolean {
  return free.bytes >= room.bytes + beside.bytes && free.inodes >= room.inodes + beside.inodes;
}

async function freeRoom(folder: string): Promise<Room> {
  const stat = await fs.statfs(folder);
  // Some file systems make inodes as they need them, and say that they have none.
  const inodes = stat.files === 0 ? Number.MAX_SAFE_INTEGER : stat.ffree;
  return { bytes: stat.bavail * stat.bsize, inodes };
}
