import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../support/repository.ts';
import { outcome, startChild } from '../support/agentProcess.ts';
import { ended, eventsUntil, fileThere, newBox, story, uploadApp, withAgent } from '../support/box.ts';

const secret = 'swordfish-1234';
/** The hook learns the secret from no file that the search below would find. */
const printSecret = `s=$(echo 4321-hsifdrows | rev); echo "::add-mask::$s"; echo "using $s now"`;

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  try {
    const found = execFileSync('grep', ['-rlF', '--devices=skip', '-e', text, folder], { encoding: 'utf8' });
    return found.split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as { status?: number }).status === 1) return [];
    throw error;
  }
}

describe.runIf(process.platform === 'linux')('what a hook prints', () => {
  it('reaches no disk before secrets are hidden, and leaves nothing in memory behind', async () => {
    const box = newBox();
    const gate = path.join(newFolder(), 'gate');
    await uploadApp(box, '1', {
      'deploy/hooks/deployed': `${printSecret}; mkfifo ${gate}; read -r go <${gate}`,
    });
    await withAgent(box, {}, async (agent) => {
      const { id } = await agent.deploy({ app: 'shop' }, { name: 'ann' }, undefined);
      await fileThere(gate);
      await eventsUntil(agent, id, (one) => one.type === 'log' && one.text.startsWith('using'));
      const onDisk = filesWith(box.root, secret);
      const output = fs.realpathSync(path.join(box.root, '.strata-agent/hooks', id));
      const raw = path.join(output, 'output');
      const inMemory = fs.existsSync(raw) ? filesWith(fs.realpathSync(raw), secret) : [];
      fs.writeFileSync(gate, 'go\n');
      expect(onDisk).toEqual([]);
      expect(inMemory).toHaveLength(1);
      expect(await ended(agent, id)).toMatchObject({ result: 'done' });
      expect(await story(agent, id)).toContain('deployed stdout: using *** now');
      expect(fs.existsSync(path.dirname(inMemory[0] ?? ''))).toBe(false);
    });
  });

  it('is gone with the memory of a box that was started anew, and the deployment still ends', async () => {
    const box = newBox();
    const gate = path.join(newFolder(), 'gate');
    await uploadApp(box, '1', {
      'deploy/hooks/deployed': `echo one; mkfifo ${gate}; kill -9 $PPID; kill -9 $$`,
    });
    const child = startChild(box, { request: { app: 'shop' } });
    await fileThere(gate);
    child.kill('SIGKILL');
    await outcome(child);
    const hooks = path.join(box.root, '.strata-agent/hooks');
    const [id = ''] = fs.readdirSync(hooks);
    fs.rmSync(fs.realpathSync(path.join(hooks, id, 'output')), { recursive: true });
    await withAgent(box, {}, async (agent) => {
      expect(await ended(agent, id)).toMatchObject({ result: 'unknown' });
      expect(fs.existsSync(path.join(hooks, id))).toBe(false);
    });
  });
});
