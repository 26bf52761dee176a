import fs from 'node:fs/promises';
import path from 'node:path';
import { asText } from '../../config/plain.ts';
import type { Command, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';

/** The `manage.py` of a release, run as the app's user, by the release's own Python where it has one. */
export interface Manage {
  /** Runs a command of it, whose lines go into the journal. */
  run(...args: string[]): Promise<void>;
  /** Runs one and gives what it prints; where it fails, what it said is told, and it `failed`. */
  ask(...args: string[]): Promise<string>;
}

export async function manageOf(work: StepWork): Promise<Manage> {
  const own = path.join(work.release, 'virtualenv/bin/python');
  const python = (await ifThere(fs.stat(own))) === undefined ? 'python3' : own;
  const settings = asText(work.options.settings);
  const env: Record<string, string> = settings === undefined ? {} : { DJANGO_SETTINGS_MODULE: settings };
  const how = { asUser: true, env };
  const command = (args: readonly string[]): Command => [python, 'manage.py', ...args];
  return {
    run: (...args) => work.run(command(args), how),
    async ask(...args) {
      const { code, stdout, stderr } = await work.ask(command(args), how);
      if (code === 0) return stdout;
      const lines = `${stderr}`.split('\n').filter((line) => line.trim() !== '');
      for (const line of lines) work.log(line, 'stderr');
      throw new AgentError('failed', `manage.py ${args[0]} failed: ${lines.at(-1) ?? `exit code ${code}`}`);
    },
  };
}

/** What a Django app's settings say that a deployment has to know. */
export interface DjangoFacts {
  /** Where static files are collected; nothing where they are not. */
  staticRoot: string | undefined;
  /** Where uploads go. */
  mediaRoot: string | undefined;
}

const question = `
import json
from django.apps import apps
from django.conf import settings
collects = apps.is_installed('django.contrib.staticfiles') and settings.STATIC_ROOT
told = {'static': str(settings.STATIC_ROOT) if collects else '', 'media': str(settings.MEDIA_ROOT or '')}
print('\\nstrata ' + json.dumps(told))
`;

/** Asks the app's settings, which may print what they like beside. */
export async function factsOf(manage: Manage, release: string): Promise<DjangoFacts> {
  const said = await manage.ask('shell', '-c', question);
  const line = said.split('\n').findLast((one) => one.startsWith('strata ')) ?? 'strata {}';
  const told = JSON.parse(line.slice('strata '.length)) as Record<string, string>;
  const at = (name: string | undefined) => (name ? path.resolve(release, name) : undefined);
  return { staticRoot: at(told.static), mediaRoot: at(told.media) };
}
