import fs from 'node:fs';
import path from 'node:path';
import type { AppSettings } from '../../../agent/deploy/settings.ts';
import type { Agent } from '../../../agent/service.ts';
import { builtInSteps, type StepRights } from '../../../agent/steps/builtIn.ts';
import type { Deployment } from '../../../protocol/deployment.ts';
import { deploy, type Files, newBox, type TestBox, uploadApp, withAgent } from '../support/box.ts';

/** A box whose agent has the built-in steps. */
export interface StepBox extends TestBox {
  /** Deploys a version, with these files, signed, unless it was uploaded before, and waits for the end. */
  deploy(version: string, files?: Files): Promise<Deployment>;
  /** Does something with its agent. */
  with<T>(work: (agent: Agent) => Promise<T>): Promise<T>;
  /** The path of something below the folder of the shop. */
  at(...names: string[]): string;
  /** The text of a file below it. */
  text(...names: string[]): string;
}

export function stepBox(rights: Partial<StepRights> = {}, app: Partial<AppSettings> = {}): StepBox {
  const box = newBox();
  const steps = builtInSteps(box.repository, { system: false, build: false, ...rights });
  const at = (...names: string[]) => path.join(box.root, 'shop', ...names);
  return {
    ...box,
    at,
    text: (...names) => fs.readFileSync(at(...names), 'utf8'),
    with: (work) => withAgent(box, { steps, app }, work),
    async deploy(version, files) {
      if (files !== undefined) await uploadApp(box, version, files);
      return await withAgent(box, { steps, app }, (agent) => deploy(agent, { version }));
    },
  };
}
