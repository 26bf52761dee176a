import type { Repository } from '../../artifact/repository/repository.ts';
import { systemSteps } from '../../core/steps/stepNames.ts';
import type { Step } from '../deploy/step.ts';
import { assetsStep } from './assets.ts';
import { dataStep } from './data.ts';
import { djangoStep } from './django/step.ts';
import { nodeStep } from './node.ts';
import { pairStep } from './pair/step.ts';
import { publicConfigStep } from './publicConfig.ts';
import { supervisorStep } from './supervisor/step.ts';
import { systemdStep } from './systemd/step.ts';
import { templatesStep } from './templates.ts';
import { tomcatStep } from './tomcat/step.ts';
import { upstartStep } from './upstart.ts';
import { virtualenvStep } from './virtualenv.ts';
import { apache, nginx } from './web/servers.ts';
import { webStep } from './web/step.ts';

/** What steps may do on a box. */
export interface StepRights {
  /** Change what the system runs. */
  system: boolean;
  /** Make virtualenvs and node_modules that the repository does not have. */
  build: boolean;
}

/** The steps that convention finds in apps, as far as the box lets them be done: of the others, plans and logs say that they are left out. */
export function builtInSteps(repository: Repository, rights: StepRights): Step[] {
  const steps: Step[] = [
    publicConfigStep(),
    virtualenvStep(repository, rights.build),
    nodeStep(repository, rights.build),
    dataStep(),
    templatesStep(),
    djangoStep(),
    assetsStep(),
    supervisorStep(),
    upstartStep(),
    systemdStep(),
    webStep(nginx),
    webStep(apache),
    pairStep(),
    tomcatStep(),
  ];
  return steps.map((step) => (systemSteps.has(step.name) && !rights.system ? leftOut(step.name) : step));
}

function leftOut(name: string): Step {
  const why = `${name} is left out: this box does not let its agent change what the system runs (steps.system)`;
  return {
    name,
    plan: async () => ({ notes: [why] }),
    deployed: async ({ log }) => log(why, 'agent'),
  };
}
