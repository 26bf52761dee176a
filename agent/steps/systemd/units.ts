/** A unit that an app has. */
export interface Unit {
  /** `shop.service`. */
  name: string;
  /** Whether it is started for itself: others are started by their timers, sockets or instances. */
  isStarted: boolean;
  text: string;
}

const kinds = ['service', 'socket', 'timer', 'path', 'target', 'mount', 'automount', 'slice'];
const unitName = new RegExp(`^[A-Za-z0-9:_.@\\\\-]{1,200}\\.(${kinds.join('|')})$`);
const dropIn = new RegExp(`^[A-Za-z0-9:_.@\\\\-]{1,200}\\.(${kinds.join('|')})\\.d/[A-Za-z0-9_.-]+\\.conf$`);

/** Whether a file among an app's templates can be a unit (`shop.service`), or a part of one (`shop.service.d/more.conf`). */
export function isUnitFile(name: string): boolean {
  return unitName.test(name) || dropIn.test(name);
}

/** The units among files, by their paths below the folder. What has `[Install]` is started; templates of units are not. */
export function unitsOf(files: ReadonlyMap<string, string>): Unit[] {
  return [...files].flatMap(([name, text]) => {
    if (!unitName.test(name)) return [];
    const isStarted = /^\[Install\]\s*$/m.test(text) && !/@\.\w+$/.test(name);
    return [{ name, isStarted, text }];
  });
}
