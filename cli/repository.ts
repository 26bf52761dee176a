import path from 'node:path';
import { openRepository, type Repository } from '../artifact/repository/repository.ts';
import { keysFolder } from '../artifact/signing/keyFiles.ts';
import type { Trust } from '../artifact/signing/trust.ts';
import { trustedKeys } from '../artifact/signing/trustFile.ts';
import { trustFrom } from '../artifact/signing/trustSettings.ts';
import { openStore } from '../artifact/store/openStore.ts';
import type { ArtifactSettings } from '../core/workspace/artifactSettings.ts';
import type { Workspace } from '../core/workspace/workspace.ts';
import { WorkError } from './failure.ts';
import type { RepositoryOptions } from './repositoryOptions.ts';
import { findWorkspace, openWorkspace } from './workspace.ts';

/**
 * Opens the repository that is meant: `--store`, `STRATA_ARTIFACTS`, the manifest's `artifacts.store`, or `.strata/artifacts` in the
 * workspace. One that is named needs no workspace.
 */
export async function repositoryFrom(options: RepositoryOptions): Promise<Repository> {
  const named = options.store ?? (process.env.STRATA_ARTIFACTS || undefined);
  const workspace = workspaceOf(options.directory, named !== undefined);
  return repositoryOf(workspace, named);
}

/** Opens the repository of a workspace; one that is named comes before the manifest's. */
export async function repositoryOf(workspace: Workspace | undefined, named?: string): Promise<Repository> {
  const settings = workspace?.artifacts ?? {};
  const url = named ?? settings.store ?? path.join(workspace?.root ?? '.', '.strata/artifacts');
  const isOwn = named === undefined && settings.store === undefined;
  return openRepository(await openStore(url, { s3: settings.s3 }), trustOf(settings, isOwn));
}

/** The workspace, whose manifest must be right: a mistake may mean another store, or trust that was not meant. */
function workspaceOf(directory: string | undefined, isOptional: boolean): Workspace | undefined {
  const isNeeded = !isOptional || directory !== undefined;
  const workspace = (isNeeded ? openWorkspace(directory) : findWorkspace(directory))?.workspace;
  const mistake = workspace?.problems.find((one) => one.severity === 'error');
  if (mistake !== undefined)
    throw new WorkError(`${mistake.file}: ${mistake.message} (strata lint tells where)`);
  return workspace;
}

/** What nobody else can write to needs no signature, unless the manifest says whom to trust. */
function trustOf(settings: ArtifactSettings, isOwn: boolean): Trust {
  const trust = trustFrom(settings.trust, trustedKeys(keysFolder()));
  if (!isOwn || settings.trust !== undefined) return trust;
  return { ...trust, unsigned: [{ app: '*', channel: '*' }] };
}
