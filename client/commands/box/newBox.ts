import * as vscode from 'vscode';
import type { EnvironmentInfo, WorkspaceInfo } from '../../../protocol/workspaces.ts';
import { type Answer, askChoice, askText, type StepFrame } from '../steps.ts';
import { isAgentUrl, isBoxName, tokenFault, wantsToken } from './rules.ts';

/** What a person says of a new box. */
export interface NewBox {
  name: string;
  url: string;
  environment: string;
  cluster: string | null;
  token: string | undefined;
}

/** What was said so far; a step that is come back to shows it. */
interface Draft {
  name: string;
  url: string;
  place: string;
  token: string;
}

type Step = (frame: StepFrame, draft: Draft, workspace: WorkspaceInfo) => Promise<Answer<Partial<Draft>>>;

const steps: readonly Step[] = [askName, askUrl, askPlace, askToken];

/** Asks for a new box, a step after the other, with going back; nothing where the person gives up. */
export async function askNewBox(workspace: WorkspaceInfo): Promise<NewBox | undefined> {
  let draft: Draft = { name: '', url: 'https://', place: '', token: '' };
  const title = vscode.l10n.t('Add Box');
  for (let at = 0; at < steps.length; ) {
    const answer = await steps[at]?.({ title, step: at + 1, totalSteps: steps.length }, draft, workspace);
    if (answer === undefined) return undefined;
    if (answer !== 'back') draft = { ...draft, ...answer.value };
    at += answer === 'back' ? -1 : 1;
    // Who may open a socket, or has ssh, shows no token.
    if (at === steps.length - 1 && !wantsToken(draft.url)) at++;
  }
  const { name, url, place, token } = draft;
  const [environment = '', cluster = null] = place.split('/');
  return { name, url, environment, cluster, token: token === '' || !wantsToken(url) ? undefined : token };
}

async function askName(
  frame: StepFrame,
  { name }: Draft,
  { boxes }: WorkspaceInfo,
): Promise<Answer<Partial<Draft>>> {
  const taken = new Set(boxes.map((box) => box.name));
  return given(
    'name',
    await askText(frame, {
      value: name,
      placeholder: 'us1',
      prompt: vscode.l10n.t('The name of the box'),
      fault(text) {
        if (!isBoxName(text)) {
          return vscode.l10n.t(
            'A name has 1 to 64 letters, digits, “.”, “_” or “-” and starts with a letter or digit.',
          );
        }
        return taken.has(text) ? vscode.l10n.t('There is a box {0} already.', text) : undefined;
      },
    }),
  );
}

async function askUrl(frame: StepFrame, { url }: Draft): Promise<Answer<Partial<Draft>>> {
  return given(
    'url',
    await askText(frame, {
      value: url,
      placeholder: 'https://us1.example:7878',
      prompt: vscode.l10n.t(
        'Where its agent is asked: https://HOST:7878, ssh://USER@HOST, or unix:/PATH on this machine',
      ),
      fault: (text) =>
        isAgentUrl(text) ? undefined : vscode.l10n.t('Write https://HOST:PORT, ssh://HOST or unix:/PATH.'),
    }),
  );
}

async function askPlace(
  frame: StepFrame,
  { place }: Draft,
  { environments }: WorkspaceInfo,
): Promise<Answer<Partial<Draft>>> {
  const items = environments.flatMap(placesOf);
  if (items.length === 0) {
    const prompt = vscode.l10n.t('Its environment, or ENVIRONMENT/CLUSTER');
    const isRight = (text: string) => text.split('/').every(isBoxName) && text.split('/').length < 3;
    const fault = (text: string) =>
      isRight(text) ? undefined : vscode.l10n.t('Write a name, or two with “/” between.');
    return given('place', await askText(frame, { value: place, prompt, fault }));
  }
  const active = items.find(({ label }) => label === place);
  const placeholder = vscode.l10n.t('The environment and cluster that it is part of');
  const answer = await askChoice(frame, { items, active, placeholder });
  return answer === undefined || answer === 'back' ? answer : { value: { place: answer.value.label } };
}

/** Clusters first: who has some deploys to them. */
function placesOf({ name, clusters, isProtected }: EnvironmentInfo): vscode.QuickPickItem[] {
  const description = isProtected ? vscode.l10n.t('protected') : '';
  return [...clusters.map((cluster) => `${name}/${cluster}`), name].map((label) => ({ label, description }));
}

async function askToken(frame: StepFrame, { token }: Draft): Promise<Answer<Partial<Draft>>> {
  return given(
    'token',
    await askText(frame, {
      value: token,
      password: true,
      placeholder: 'strata_…',
      prompt: vscode.l10n.t(
        'What “strata-agent token new” printed on the box; nothing where it has none yet',
      ),
      fault: (text) => (tokenFault(text) ? vscode.l10n.t('A token has no blanks in it.') : undefined),
    }),
  );
}

function given(key: keyof Draft, answer: Answer<string>): Answer<Partial<Draft>> {
  return answer === undefined || answer === 'back' ? answer : { value: { [key]: answer.value } };
}
