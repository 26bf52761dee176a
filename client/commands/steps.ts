import * as vscode from 'vscode';

/** What became of a step: its value, or whether the person goes back, or gives up (`undefined`). */
export type Answer<T> = { value: T } | 'back' | undefined;

/** How a step is shown. */
export interface StepFrame {
  title: string;
  step: number;
  totalSteps: number;
}

/** Asks for a text. @param fault why it cannot be, in words; the text is trimmed. */
export function askText(
  frame: StepFrame,
  how: {
    value: string;
    placeholder?: string;
    prompt: string;
    password?: boolean;
    fault(text: string): string | undefined;
  },
): Promise<Answer<string>> {
  const { fault, ...shown } = how;
  const input = Object.assign(vscode.window.createInputBox(), { ...framed(frame), ...shown });
  const check = () => {
    input.validationMessage = fault(input.value.trim());
  };
  input.onDidChangeValue(check);
  return shownUntil(input, () => {
    check();
    return input.validationMessage === undefined ? { value: input.value.trim() } : 'on';
  });
}

/** Lets a person choose one of several. */
export function askChoice<T extends vscode.QuickPickItem>(
  frame: StepFrame,
  { items, active, placeholder }: { items: readonly T[]; active: T | undefined; placeholder: string },
): Promise<Answer<T>> {
  const pick = Object.assign(vscode.window.createQuickPick<T>(), { ...framed(frame), items, placeholder });
  if (active !== undefined) pick.activeItems = [active];
  return shownUntil(pick, () => {
    const [value] = pick.selectedItems;
    return value === undefined ? 'on' : { value };
  });
}

function framed({ title, step, totalSteps }: StepFrame) {
  const buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return { title, step, totalSteps, buttons, ignoreFocusOut: true };
}

type Input = vscode.QuickInput & {
  onDidAccept: vscode.Event<void>;
  onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
};

function shownUntil<T>(input: Input, accept: () => { value: T } | 'on'): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const end = (answer: Answer<T>) => {
      resolve(answer);
      input.dispose();
    };
    input.onDidAccept(() => {
      const answer = accept();
      if (answer !== 'on') end(answer);
    });
    input.onDidTriggerButton(() => end('back'));
    input.onDidHide(() => end(undefined));
    input.show();
  });
}
