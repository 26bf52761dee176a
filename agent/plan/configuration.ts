import path from 'node:path';
import type { ConfigChange, FileChange } from '../../protocol/deploymentPlan.ts';
import { configurationLines, readConfigurationText } from '../configuration/configurationText.ts';
import { centralVersionOf, configurationName, publicName, textOf } from '../configuration/files.ts';
import { type ReleaseConfiguration, renderRelease } from '../configuration/render.ts';
import { AgentError } from '../failure.ts';
import { configChanges, type Side } from './configChanges.ts';
import { addSecrets, withoutSecrets } from './secrets.ts';
import { unifiedDiff } from './unifiedDiff.ts';
import { centralIn, type View } from './view.ts';

/** The texts of a release's configuration. */
interface Texts {
  text: string | undefined;
  publicText: string | undefined;
}

/** What becomes of an app's configuration. */
export interface ConfigurationPlan {
  config: ConfigChange[];
  files: FileChange[];
  /** As it will be. */
  text: string | undefined;
}

/**
 * What a new release changes of the app's configuration. `refused` where it would have none.
 * @param release the folder of the new release.
 */
export async function configurationPlan(view: View, release: string): Promise<ConfigurationPlan> {
  const { live, target, request, central, box } = view;
  const isMade = target.there === undefined && central !== undefined;
  const made = isMade ? renderRelease(box.settings, { app: request.app, release, central }) : undefined;
  const after: Texts = made ?? (await textsOf(release));
  const before: Texts = live === undefined ? noTexts : await textsOf(live.path);
  // What was a secret, or becomes one, is one on both sides.
  for (const { text = '' } of [before, after])
    addSecrets(view.mask, box.secrets, readConfigurationText(text));
  const [old, now] = [sideOf(view, before.text), sideOf(view, after.text)];
  if (made !== undefined) now.layers = made;
  else now.layers = await layersOf(view, 'central-of-target', release, after.text);
  if (live !== undefined) old.layers = await layersOf(view, 'central-of-live', live.path, before.text);
  return {
    config: configChanges(old, now),
    files: [
      ...changeOf(view, configurationName, before.text, after.text),
      ...changeOf(view, publicName, before.publicText, after.publicText),
    ],
    text: after.text,
  };
}

const noTexts: Texts = { text: undefined, publicText: undefined };

async function textsOf(release: string): Promise<Texts> {
  const [text, publicText] = await Promise.all(
    [configurationName, publicName].map((name) => textOf(path.join(release, name))),
  );
  return { text, publicText };
}

function sideOf({ box, mask }: View, text: string | undefined): Side {
  const root = withoutSecrets(box.secrets, readConfigurationText(text ?? ''), mask);
  if (root.kind !== 'mapping') throw new Error('a mapping without secrets is one');
  return { root, layers: undefined };
}

/** The layers that a release was configured with, where they still give what it has. */
async function layersOf(
  view: View,
  name: string,
  release: string,
  text: string | undefined,
): Promise<ReleaseConfiguration | undefined> {
  const { box, request, signal } = view;
  const version = await centralVersionOf(release);
  if (version === undefined && box.settings.central.kind === 'artifact') return undefined;
  try {
    const central = await centralIn(view, name, { version, signal });
    const known = renderRelease(box.settings, { app: request.app, release, central });
    return known.text === text ? known : undefined;
  } catch (error) {
    // That its layers are gone takes nothing from what can be told otherwise.
    if (error instanceof AgentError && error.code !== 'cancelled') return undefined;
    throw error;
  }
}

function changeOf(
  view: View,
  file: string,
  before: string | undefined,
  after: string | undefined,
): FileChange[] {
  if (before === after) return [];
  const lines = (text: string | undefined) =>
    text === undefined ? undefined : configurationLines(sideOf(view, text).root);
  return [{ path: file, diff: unifiedDiff(file, lines(before), lines(after)) }];
}
