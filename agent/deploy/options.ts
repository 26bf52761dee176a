import type { Repository } from '../../artifact/repository/repository.ts';
import type { Deployment, DeploymentRequest } from '../../protocol/deployment.ts';
import type { ArchiveCache } from '../artifacts/archiveCache.ts';
import type { Journals } from '../journal/journal.ts';
import type { Agent } from '../service.ts';
import type { AppSettings } from './settings.ts';
import type { Step } from './step.ts';

/** What the agent is made of. */
export interface AgentOptions {
  /** Apps are in folders of it: `/srv`. */
  root: string;
  /** Where the agent keeps its own: records, locks, downloads. `ROOT/.strata-agent` when left out. */
  state?: string | undefined;
  repository: Repository;
  journals: Journals;
  /** In the order in which they are done; they are taken back in the other. */
  steps?: readonly Step[] | undefined;
  /** `missing` for an app that this box does not have. */
  settings(app: string): AppSettings;
  /** Names the settings whose values are secrets; the usual ones when left out. */
  secretPattern?: RegExp | undefined;
  /**
   * Is told of a deployment that begins to change something, and of its end, before anybody else hears of that: again where the agent was
   * killed meanwhile. A failure of it is nobody's.
   */
  tell?: ((deployment: Deployment, when: 'start' | 'end') => Promise<void>) | undefined;
  /** Where archives are that a plan fetched; they are fetched anew when left out. */
  archives?: ArchiveCache | undefined;
  plan: Agent['plan'];
  /** Refuses, with `moved`, a deployment whose plan is no longer true; `plan` is asked again when left out. */
  check?: ((request: DeploymentRequest, signal: AbortSignal) => Promise<void>) | undefined;
  config: Agent['config'];
  /** Told what the people who look after the box should know, for the log of the agent. */
  log?: ((line: string) => void) | undefined;
  /** How many deployments are remembered; 1000 when left out. */
  keepDeployments?: number | undefined;
}
