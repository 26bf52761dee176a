import { lintedContexts } from '../check/appStacks.ts';
import { type Context, contextLabel } from '../layers/context.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';
import { listText } from './contextNames.ts';

/** How many apps are named before the rest is only counted. */
const mostApps = 5;

/**
 * Where a finding holds, in words: `every context`, `production/eu`, or per app where apps differ. Empty for
 * one that concerns no context.
 * @param checked how many contexts of an app are looked at.
 */
export function contextsText(
  model: Model,
  contexts: readonly Context[],
  checked: (app: string) => number = (app) => lintedCount(model, app, contexts),
): string {
  const byApp = new Map<string, Context[]>();
  for (const of of contexts) {
    const known = byApp.get(of.app);
    if (known === undefined) byApp.set(of.app, [of]);
    else known.push(of);
  }
  const texts = new Map<string, string>();
  for (const [app, some] of byApp) {
    texts.set(app, some.length > 1 && some.length === checked(app) ? 'every context' : labels(some));
  }
  return joinedText([...texts], model.workspace.apps.length);
}

function labels(contexts: readonly Context[]): string {
  return contexts.map(contextLabel).join(', ');
}

/** The look at the files is needed only where the count could be that of all. */
function lintedCount(model: Model, app: string, contexts: readonly Context[]): number {
  return contexts.length < contextsOf(model.workspace, app).length ? 0 : lintedContexts(model, app).length;
}

function joinedText(parts: readonly (readonly [app: string, text: string])[], apps: number): string {
  const [first] = parts;
  if (first === undefined) return '';
  const [app, text] = first;
  const isSame = parts.every((part) => part[1] === text);
  if (parts.length === 1) return apps > 1 ? `${app}: ${text}` : text;
  if (isSame && parts.length === apps) return text;
  if (isSame) return `${appsText(parts.map(([name]) => name))}: ${text}`;
  const more = parts.length - mostApps;
  const shown = parts.slice(0, mostApps).map(([name, where]) => `${name}: ${where}`);
  return [...shown, ...(more > 0 ? [`and ${more} more apps`] : [])].join('; ');
}

function appsText(names: readonly string[]): string {
  return `${listText(names, mostApps)}${names.length > mostApps ? ' apps' : ''}`;
}
