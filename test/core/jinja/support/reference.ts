import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A template with the text of a configuration.json, and other templates that it may load. */
export interface Case {
  template: string;
  data: string;
  others?: Record<string, string>;
}

/** What Jinja2 makes of a case. */
export type Answer = { text: string } | { error: string; message: string };

/** Why the real Jinja2 cannot be asked, with what enables it; nothing where it can. */
export function whyNoJinja2(): string | undefined {
  return pythonWithJinja2() !== undefined
    ? undefined
    : 'python3 with Jinja2 3.1 is needed: apt-get install python3-jinja2';
}

/** The Python on PATH, or Debian's own, if it has Jinja2. */
function pythonWithJinja2(): string | undefined {
  const check = ['-c', 'import jinja2; assert jinja2.__version__ >= "3.1"'];
  return ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, check).status === 0);
}

/** The real Jinja2, in one process of Python. */
export interface Reference {
  ask(cases: readonly Case[]): Promise<Answer[]>;
  close(): Promise<void>;
}

export function startReference(): Reference {
  const script = new URL('./reference.py', import.meta.url).pathname;
  const child = spawn(pythonWithJinja2() ?? 'python3', ['-B', '-W', 'ignore', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const greeting = lines.next();
  return {
    async ask(cases) {
      await greeting;
      const answers: Answer[] = [];
      for (const one of cases) child.stdin.write(`${JSON.stringify(one)}\n`);
      for (const _ of cases) answers.push(JSON.parse((await lines.next()).value));
      return answers;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
