import type { MergedContext } from '../features/environmentGap.ts';
import { schemaViolations } from '../features/schemaViolations.ts';
import { templateUndefined } from '../features/templateUndefined.ts';
import type { Context } from '../layers/context.ts';
import type { Problem } from '../problem.ts';
import { publicConfiguration, readPublicData } from '../render/publicData.ts';
import { schemaOf } from '../schema/appSchema.ts';
import { templatesOf } from '../templates/templateFiles.ts';
import { appFile } from '../workspace/appFile.ts';
import type { Model } from '../workspace/model.ts';
import type { App } from '../workspace/workspace.ts';
import { type AppFinding, addTo, type GatheredAppFinding } from './appCheck.ts';
import { findingKey } from './finding.ts';

type Found = { problem: Problem; contexts: Context[] }[];

/** A check of what stands beside the layers. */
interface Extra {
  /** Whether the app has something of the kind. */
  applies(model: Model, app: App): boolean;
  /** @param merged the contexts of the app, each merged as a whole. */
  find(model: Model, app: App, merged: readonly MergedContext[]): Found;
}

const extras: readonly Extra[] = [
  {
    applies: (model, app) => appFile(model, app, model.workspace.scheme.publicData) !== undefined,
    find: publicDataFound,
  },
  { applies: (model, app) => schemaOf(model, app) !== undefined, find: schemaViolations },
  { applies: (model, app) => templatesOf(model, app).length > 0, find: templateUndefined },
];

/** Whether an app has anything beside its layers that is checked. */
export function hasExtras(model: Model, app: App): boolean {
  return extras.some((one) => one.applies(model, app));
}

/** The problems that an app has beside its layers. */
export function extraFindings(model: Model, app: App, merged: readonly MergedContext[]): AppFinding[] {
  const findings = new Map<string, GatheredAppFinding>();
  for (const { problem, contexts } of extras.flatMap((one) => one.find(model, app, merged))) {
    addTo(findings, findingKey(problem), problem, contexts);
  }
  return [...findings.values()].map((one) => ({ ...one, isExtra: true as const }));
}

function publicDataFound(model: Model, app: App, merged: readonly MergedContext[]): Found {
  const listed = readPublicData(model, app);
  if (listed === undefined) return [];
  const all = merged.map(({ of }) => of);
  const own = listed.problems.map((problem) => ({ problem, contexts: all }));
  const missing = merged.flatMap(({ of, root }) =>
    publicConfiguration(listed, root).problems.map((problem) => ({ problem, contexts: [of] })),
  );
  return [...own, ...missing];
}
