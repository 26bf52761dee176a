import fs from 'node:fs';
import path from 'node:path';
import { openRepository } from '../../../artifact/repository/repository.ts';
import { localStore } from '../../../artifact/store/localStore.ts';
import { ci, trustCi } from '../../support/repository.ts';
import { writeFiles } from '../../support/workspaceFiles.ts';
import type { TestBox } from './box.ts';

/** A box for `strata-agent run --root`. */
export interface AgentBox extends TestBox {
  folder: string;
  config: string;
  /** Of the config. */
  text: string;
  socket: string;
  host: string;
  port: number;
}

/** A box with a repository of signed artifacts and a config, to which more YAML may be added. */
export function newAgentBox(more = ''): AgentBox {
  const folder = writeFiles('');
  const store = path.join(folder, '.artifacts');
  fs.mkdirSync(path.join(folder, '.strata'), { recursive: true });
  fs.mkdirSync(path.join(folder, '.configs'));
  const config = path.join(folder, '.strata/agent.yaml');
  const trust = `trust: {keys: [{name: ci, key: "${ci.public.text}"}]}`;
  const text = `environment: qa\nrepository: {store: "${store}", ${trust}}\nconfigs: {folder: ../.configs}\nlisten: {address: "127.0.0.1:0"}\n${more}`;
  fs.writeFileSync(config, text);
  const socket = path.join(folder, '.strata/agent.sock');
  const repository = openRepository(localStore(store), trustCi);
  return { folder, root: folder, store, repository, config, text, socket, host: '', port: 0 };
}
