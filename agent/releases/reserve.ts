import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ifThere } from './lasting.ts';
import { hasRoom, type Room } from './room.ts';

/** Room on the disk that is kept for what must be written when there is no other: how a deployment ends, and the way back. */
export interface Reserve {
  /** Gives the room free for others. @returns whether there was any. */
  giveUp(): Promise<boolean>;
  /** Gives it up where little other room is left. */
  giveUpIfScarce(): Promise<void>;
  /** Takes the room again, where there is enough beside it. */
  make(): Promise<void>;
}

/** Several files, since inodes run out as well. */
const count = 16;
const bytesEach = 64 * 1024;
const whole: Room = { bytes: count * bytesEach, inodes: count };

/** @param folder is made when there is room. */
export function reserveIn(folder: string): Reserve {
  const files = Array.from({ length: count }, (_, at) => path.join(folder, `${at}`));
  const giveUp = async () => {
    const gone = await Promise.all(
      files.map((file) =>
        fs.unlink(file).then(
          () => true,
          () => false,
        ),
      ),
    );
    return gone.includes(true);
  };
  return {
    giveUp,
    async giveUpIfScarce() {
      if (!(await hasRoom(path.dirname(folder), whole, { bytes: 0, inodes: 0 }))) await giveUp();
    },
    async make() {
      const missing = await missingOf(files);
      if (missing.length === 0 || !(await hasRoom(path.dirname(folder), whole))) return;
      try {
        await fs.mkdir(folder, { recursive: true, mode: 0o700 });
        // File systems that compress would keep next to nothing for zeros.
        for (const file of missing)
          await fs.writeFile(file, randomBytes(bytesEach), { flush: true, mode: 0o600 });
      } catch {
        // Others took the room: it is left to them.
        await giveUp();
      }
    },
  };
}

async function missingOf(files: readonly string[]): Promise<string[]> {
  const sizes = await Promise.all(files.map(async (file) => (await ifThere(fs.stat(file)))?.size));
  return files.filter((_, at) => sizes[at] !== bytesEach);
}
