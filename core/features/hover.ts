import type { Context } from '../layers/context.ts';
import { contextLabel } from '../layers/context.ts';
import { stepsApp } from '../steps/appSteps.ts';
import { baseName } from '../text/paths.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';
import { type Explanation, explainSetting, foldExplanations, nodeText, valueText } from './explain.ts';
import type { Focus } from './focus.ts';
import { layerLink } from './hover/layerLink.ts';
import { listElements } from './hover/listElements.ts';
import { manifestHover } from './hover/manifest.ts';
import { outlierText } from './hover/outlier.ts';
import { placeholderText } from './hover/placeholder.ts';
import { stepsHover } from './hover/steps.ts';
import { code, type LinkTo, shortened } from './markdown.ts';
import { layerThatMaySay } from './naming.ts';
import { schemaText } from './settingSchema.ts';
import { type Subject, subjectAt } from './subject.ts';

/** What is shown beside a setting. */
export interface Hover {
  /** The key that it is about. */
  range: Range;
  markdown: string;
}

export interface HoverOptions {
  /** The context that the person has chosen. */
  chosen: Context | undefined;
  /** Makes the address of a place that can be clicked. */
  linkTo: LinkTo;
}

/**
 * The effective value of the setting at a place in every environment and cluster, the layer that each comes
 * from, the source of each element of a list, who gives what a placeholder asks for, where this very layer is
 * overridden, and the chain of the active context. In the manifest and in what an app says of its steps, what the key means.
 */
export function hover(model: Model, file: string, offset: number, options: HoverOptions): Hover | undefined {
  if (file === model.workspace.manifest) return manifestHover(model, file, offset);
  const app = stepsApp(model, file);
  if (app !== undefined) return stepsHover(model, app, file, offset);
  const subject = subjectAt(model, file, offset, options.chosen);
  return subject && subjectHover(model, { file, offset }, subject, options);
}

/**
 * The same of a setting that was found already, as a file has it.
 * @param offset the place in the file; `undefined` for one that lies elsewhere.
 */
export function subjectHover(
  model: Model,
  { file, offset }: { file: string; offset: number | undefined },
  { path, origin, focus, stale }: Subject,
  options: HoverOptions,
): Hover {
  if (focus === undefined) {
    return { range: origin, markdown: `${code(path.join('.'))}: no context loads this file.` };
  }
  const explained = focus.contexts.map((of) => explainSetting(model, of, path));
  const active =
    explained.find((one) => one.context === focus.active) ?? explainSetting(model, focus.active, path);
  const parts = [
    `**${path.join('.')}** · ${focus.app}${stale ? ' · *as it last parsed*' : ''}`,
    valueTable(model, explained, options.linkTo),
    outlierText(explained),
    listElements(model, active, { file, offset }, options.linkTo),
    placeholderText(model, explained, active, options.linkTo),
    schemaText(model, focus.app, path),
    overriddenText(file, explained),
    otherApps(model, file, focus, path, explained),
    chainText(model, active, options.linkTo),
  ];
  return { range: origin, markdown: parts.filter((part) => part !== '').join('\n\n') };
}

function valueTable(model: Model, explained: readonly Explanation[], linkTo: LinkTo): string {
  const rows = foldExplanations(explained).map(({ labels, explanations: [first] }) => {
    const value = first?.value === undefined ? '*not set*' : code(shortened(valueText(first.value)));
    return `| ${labels.join(', ')} | ${value} | ${layerLink(model, first?.winner, linkTo)} |`;
  });
  return ['| environment | effective value | from |', '| :-- | :-- | :-- |', ...rows].join('\n');
}

/** Where the value that this layer gives does not come through; a placeholder is none. */
function overriddenText(file: string, explained: readonly Explanation[]): string {
  const given = explained.filter(({ chain }) => {
    const action = chain.find((link) => link.file === file)?.action;
    return action !== undefined && action !== 'refused' && action !== 'require';
  });
  const over = given.filter(({ winner, value }) => winner?.file !== file && !isShared(value?.kind));
  if (over.length === 0) return '';
  const everywhere = over.length === given.length && over.length > 1;
  const where = everywhere
    ? 'every context that reads it'
    : over.map((one) => contextLabel(one.context)).join(', ');
  return `⚠ The value given here is overridden in ${where}.`;
}

/** Mappings merge and lists append: there the higher layer adds to this one and does not override it. */
function isShared(kind: string | undefined): boolean {
  return kind === 'mapping' || kind === 'list';
}

/**
 * The other apps that load this file and have other values for the setting. Only an app with a layer of its own
 * that speaks of the setting can differ. Where there are many apps, those are named without a look at their values.
 */
function otherApps(
  model: Model,
  file: string,
  focus: Focus,
  path: readonly string[],
  explained: readonly Explanation[],
): string {
  const readers = model.readersByApp(file);
  if (readers.size > manyApps) return speakingApps(model, readers, focus, path);
  const apps = [...readers.keys()].filter((app) => app !== focus.app);
  if (apps.length === 0) return '';
  const speaks = (app: string) => model.ownFiles(app).some((one) => layerThatMaySay(model, one, path));
  const focusSpeaks = speaks(focus.app);
  const here = outcome(explained);
  const differing = apps.filter((app) => {
    if (!focusSpeaks && !speaks(app)) return false;
    const there = contextsOf(model.workspace, app).map((of) => explainSetting(model, of, path));
    return outcome(there) !== here;
  });
  return differing.length === 0 ? '' : `Other values in ${appList(differing)}.`;
}

/** Of many apps, those with layers of their own that name the setting, as far as layers have been read. */
function speakingApps(
  model: Model,
  readers: ReadonlyMap<string, unknown>,
  focus: Focus,
  path: readonly string[],
): string {
  const { paths, postings } = model.store;
  const id = paths.find(path);
  const named = new Set<string>();
  for (const one of id === undefined ? [] : postings.naming(id)) {
    const owner = model.owner(one);
    if (owner !== undefined && owner !== focus.app && readers.has(owner)) named.add(owner);
    if (named.size > mostApps) break;
  }
  if (named.size === 0) return '';
  const shown = [...named].slice(0, mostApps).map(code).join(', ');
  return `Layers of their own name it in ${shown}${named.size > mostApps ? ' and more apps' : ''}.`;
}

const manyApps = 20;
const mostApps = 8;

function appList(apps: readonly string[]): string {
  const shown = apps.slice(0, mostApps).map(code).join(', ');
  return apps.length > mostApps ? `${shown} and ${apps.length - mostApps} more apps` : shown;
}

function outcome(explained: readonly Explanation[]): string {
  return explained.map(({ context, value }) => `${contextLabel(context)}=${valueText(value)}`).join('\n');
}

function chainText(model: Model, active: Explanation, linkTo: LinkTo): string {
  const said = active.chain.filter((link) => link.action !== undefined);
  const silent = active.chain.filter((link) => link.action === undefined);
  const lines = said.map((link) => {
    const wins = link.file === active.winner?.file && link.slot === active.winner.slot;
    const value =
      link.action === 'delete' || link.node === undefined ? '' : ` ${code(shortened(nodeText(link.node)))}`;
    return `1. ${layerLink(model, link, linkTo)} ${link.action}${value}${wins ? ' **← wins**' : ''}`;
  });
  const rest =
    silent.length === 0 ? '' : `\n\n*No say:* ${silent.map((link) => baseName(link.file)).join(', ')}`;
  return `**${contextLabel(active.context)}**, lowest layer first:\n\n${lines.join('\n')}${rest}`;
}
