import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { childArguments } from '../support/agentProcess.ts';
import { copyOf, deploy, type Files, newBox, type TestBox, uploadApp, withAgent } from '../support/box.ts';
import { checkInvariant, lastVersion } from '../support/invariant.ts';

const canInject = spawnSync('strace', ['-qqq', '-e', 'inject=getpid:retval=1', 'true']).status === 0;

const said: Files = {
  'deploy/hooks/prepare': 'echo prepare of $STRATA_VERSION',
  'deploy/hooks/deployed': 'echo $STRATA_HOOK of $STRATA_VERSION',
};

/** How an agent's process ended that deploys 2 while the kernel's calls fail; it must not hang. */
async function deployFailing(box: TestBox, calls: string, error: string, when: string): Promise<string> {
  const inject = `inject=${calls}:error=${error}:when=${when}`;
  const args = ['-f', '-qqq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject, process.execPath];
  const request = { app: 'shop', version: '2' };
  const child = spawn('strace', [...args, ...childArguments(box, { request })], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const exit = once(child, 'exit');
  const [said, wrong] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [, signal] = await exit;
  expect(signal, said).toBe(null);
  // What the disk refused is told as such; nothing else may go wrong with it.
  const isTold = said.endsWith('ended\n') || /^AgentError: /m.test(wrong);
  return isTold ? 'told' : `${said}${wrong}`;
}

/** Each call with a number here; else some of them. */
const many = Number(process.env.STRATA_FAULTS) || 0;

const files = 'rename,renameat2,symlink,mkdir,unlink,rmdir,ftruncate,statfs';
/** Which calls fail, in how many places, and from there on or once. */
const faults = [
  { name: 'a call that fails once', calls: 'fdatasync', error: 'EIO', count: 16, rest: '' },
  { name: 'a call that fails once', calls: 'fsync', error: 'EIO', count: 30, rest: '' },
  { name: 'a call that fails once', calls: 'pwrite64', error: 'EIO', count: 30, rest: '' },
  { name: 'a call that fails once', calls: files, error: 'EIO', count: 60, rest: '' },
  {
    name: 'a quota that is used up for a moment',
    calls: `pwrite64,${files}`,
    error: 'EDQUOT',
    count: 60,
    rest: '',
  },
  { name: 'a disk that fails for good', calls: 'fsync,fdatasync', error: 'EIO', count: 40, rest: '+' },
  {
    name: 'a file system that gets read-only',
    calls: `pwrite64,${files}`,
    error: 'EROFS',
    count: 80,
    rest: '+',
  },
];

// Install strace and allow ptrace to enable: it makes the kernel's calls fail.
describe.skipIf(!canInject).concurrent('a disk that fails', () => {
  let template: TestBox;
  beforeAll(async () => {
    template = newBox();
    for (const version of ['1', '2', lastVersion]) await uploadApp(template, version, said);
    await withAgent(template, {}, (agent) => deploy(agent, { version: '1' }));
  });

  it.each(faults)(
    '$name ($calls: $error) leaves a box that goes on',
    async ({ calls, error, count, rest }) => {
      const step = many > 0 ? 1 : Math.ceil(count / 5);
      const random = Math.floor(Math.random() * step);
      for (let at = 1 + random; at <= count; at += step) {
        const box = copyOf(template);
        expect(await deployFailing(box, calls, error, `${at}${rest}`), `${calls} ${at}`).toBe('told');
        await withAgent(box, {}, (agent) => checkInvariant(agent, box));
      }
    },
    3_000_000,
  );
});
