import { spawn } from 'node:child_process';

/**
 * Tells systemd that the agent listens, where systemd started it and waits for that. Node cannot write to a unix datagram socket
 * itself, so systemd's own command does. Whatever comes of it, the agent goes on: systemd ends what never tells.
 */
export function tellSystemd(log: (line: string) => void, env: NodeJS.ProcessEnv = process.env): void {
  if (env.NOTIFY_SOCKET === undefined) return;
  const child = spawn('systemd-notify', ['--ready'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('error', (error) => log(`systemd cannot be told that the agent listens: ${error.message}`));
  child.on('exit', (code) => {
    if (code !== 0) log(`systemd was not told that the agent listens: systemd-notify ended with ${code}`);
  });
}
