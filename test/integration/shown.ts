// What VS Code shows people, for tests that read and answer it: VS Code shows tests no dialogs, and tells them of no questions.
import * as vscode from 'vscode';
import { until } from './workspace.ts';

/** A message with its buttons. */
export interface ShownMessage {
  text: string;
  buttons: string[];
}

export interface Shown {
  /** The messages so far, the last one at the end. */
  messages: ShownMessage[];
  /** The button that is pressed on the next message that has it. */
  press(button: string): void;
  /** Waits for a question that has answers. @param step its number, none for one by itself. */
  question(step: number | undefined): Promise<vscode.QuickPick<vscode.QuickPickItem>>;
  /** Takes the first entry of that question. */
  accept(step: number | undefined): Promise<void>;
  /** Waits for a message. */
  message(pattern: RegExp): Promise<ShownMessage>;
  restore(): void;
}

const kinds = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const;

/** Watches what is shown from now on. */
export function watchShown(): Shown {
  const { window } = vscode;
  const known = { createQuickPick: window.createQuickPick, ...pickOf(window) };
  const messages: ShownMessage[] = [];
  const open = new Set<vscode.QuickPick<vscode.QuickPickItem>>();
  let wanted: string | undefined;
  const replace = (name: string, value: unknown) => Object.assign(window, { [name]: value });
  const question: Shown['question'] = async (step) => {
    const isMeant = (one: vscode.QuickPick<vscode.QuickPickItem>) =>
      one.step === step && one.items.length > 0;
    await until(async () => [...open].some(isMeant), Boolean);
    const pick = [...open].find(isMeant);
    if (pick === undefined) throw new Error('the question is gone');
    return pick;
  };
  for (const kind of kinds) {
    replace(kind, async (text: string, ...rest: unknown[]) => {
      const buttons = rest.filter((one) => typeof one === 'string');
      messages.push({ text, buttons });
      const pressed = buttons.find((one) => one === wanted);
      if (pressed !== undefined) wanted = undefined;
      return pressed;
    });
  }
  replace('createQuickPick', () => {
    const pick = known.createQuickPick();
    open.add(pick);
    pick.onDidHide(() => open.delete(pick));
    return pick;
  });
  return {
    messages,
    press(button) {
      wanted = button;
    },
    question,
    async accept(step) {
      const pick = await question(step);
      // VS Code may not show yet what it was told to show.
      await until(
        async () => {
          await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
          return open.has(pick);
        },
        (isOpen) => !isOpen,
      );
    },
    async message(pattern) {
      await until(
        async () => messages.map(({ text }) => text),
        (texts) => texts.some((text) => pattern.test(text)),
      );
      return messages.find(({ text }) => pattern.test(text)) ?? { text: '', buttons: [] };
    },
    restore: () => void Object.assign(window, known),
  };
}

function pickOf(window: typeof vscode.window) {
  return Object.fromEntries(kinds.map((kind) => [kind, window[kind]]));
}
