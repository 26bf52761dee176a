/** A unit that an app has. */
export interface Unit {
  /** `shop.service`. */
  name: string;
  /** Whether it is started for itself: others are started by their timers, sockets or instances. */
  isStarted: boolean;
}

const kinds = ['service', 'socket', 'timer', 'path', 'target', 'mount', 'automount', 'slice'];
const unitName = new RegExp(`^[A-Za-z0-9:_.@\\\\-]{1,200}\\.(${kinds.join('|')})$`);
const dropIn = new RegExp(`^[A-Za-z0-9:_.@\\\\-]{1,200}\\.(${kinds.join('|')})\\.d/[A-Za-z0-9_.-]+\\.conf$`);

/** Whether a file among an app's templates can be a unit (`shop.service`), or a part of one (`shop.service.d/more.conf`). */
export function isUnitFile(name: string): boolean {
  return isUnitName(name) || dropIn.test(name);
}

/** Not a part of one. */
export function isUnitName(name: string): boolean {
  return unitName.test(name) && !name.startsWith('-');
}

/** `shop@.service`, of which only instances run. */
export function isTemplate(name: string): boolean {
  return /@\.\w+$/.test(name);
}

export function isService(name: string): boolean {
  return name.endsWith('.service');
}

/** The units among files, by their paths below the folder. What has `[Install]` is started; templates of units are not. */
export function unitsOf(files: ReadonlyMap<string, string>): Unit[] {
  return [...files].flatMap(([name, text]) => {
    if (!isUnitName(name)) return [];
    return [{ name, isStarted: /^\[Install\]\s*$/m.test(text) && !isTemplate(name) }];
  });
}
