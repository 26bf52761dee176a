import * as vscode from 'vscode';

/** An entry that stands for something; without that, a separator or a word. */
export interface Choice<T> extends vscode.QuickPickItem {
  value?: T;
}

/** What a person answered: something, that they want to go back, or that they want nothing any more. */
export type Answer<T> = { value: T } | 'back' | 'cancelled';

/** Which question it is, from 1 on, and of how many. */
export interface Frame {
  title: string;
  step: number;
  of: number;
}

/** One question of several. */
export interface Question<T> extends Frame {
  placeholder: string;
  /** What may be answered; where it takes time, it is waited for in the open. */
  choices: (signal: AbortSignal) => Promise<Choice<T>[]> | Choice<T>[];
}

/** Asks for one of several. */
export async function pickOne<T>(question: Question<T>): Promise<Answer<T>> {
  return await pick(question, false, ({ selectedItems }) => {
    const [chosen] = selectedItems;
    return chosen?.value === undefined ? undefined : { value: chosen.value };
  });
}

/** Asks for some of several; all are chosen at first but those that say otherwise, and at least one has to be chosen. */
export async function pickSome<T>(question: Question<T>): Promise<Answer<T[]>> {
  return await pick(question, true, ({ selectedItems }) => {
    const values = selectedItems.flatMap(({ value }) => (value === undefined ? [] : [value]));
    return values.length === 0 ? undefined : { value: values };
  });
}

/** A question by itself is not counted. */
const noSteps = { step: undefined, totalSteps: undefined };

async function pick<T, R>(
  question: Question<T>,
  areMany: boolean,
  read: (shown: vscode.QuickPick<Choice<T>>) => { value: R } | undefined,
): Promise<Answer<R>> {
  const shown = vscode.window.createQuickPick<Choice<T>>();
  const stop = new AbortController();
  Object.assign(shown, {
    ...{ title: question.title, placeholder: question.placeholder, step: question.step },
    ...{ totalSteps: question.of, canSelectMany: areMany, ignoreFocusOut: true },
    ...{ matchOnDescription: true, matchOnDetail: true },
    buttons: question.step > 1 ? [vscode.QuickInputButtons.Back] : [],
  });
  if (question.of < 2) Object.assign(shown, noSteps);
  const answered = new Promise<Answer<R>>((resolve) => {
    shown.onDidTriggerButton(() => resolve('back'));
    shown.onDidHide(() => resolve('cancelled'));
    shown.onDidAccept(() => {
      const answer = read(shown);
      if (answer !== undefined) resolve(answer);
    });
  });
  shown.show();
  try {
    // Who has gone already needs no choices.
    await Promise.race([answered, fill(shown, question, areMany, stop.signal)]);
    return await answered;
  } finally {
    stop.abort();
    shown.dispose();
  }
}

async function fill<T>(
  shown: vscode.QuickPick<Choice<T>>,
  { choices }: Question<T>,
  areMany: boolean,
  signal: AbortSignal,
): Promise<void> {
  shown.busy = true;
  try {
    const items = await choices(signal);
    if (signal.aborted) return;
    shown.items = items;
    if (areMany) shown.selectedItems = items.filter(isPicked);
  } finally {
    if (!signal.aborted) shown.busy = false;
  }
}

function isPicked({ value, picked = true }: Choice<unknown>): boolean {
  return value !== undefined && picked;
}

/** Asks for a line. @param check what is wrong with one, in words. */
export async function askLine(
  question: Omit<Question<never>, 'choices'> & {
    prompt: string;
    value?: string;
    check: (value: string) => string | undefined;
  },
): Promise<Answer<string>> {
  const shown = vscode.window.createInputBox();
  Object.assign(shown, {
    ...{ title: question.title, placeholder: question.placeholder, prompt: question.prompt },
    ...{ step: question.step, totalSteps: question.of, ignoreFocusOut: true, value: question.value ?? '' },
    buttons: question.step > 1 ? [vscode.QuickInputButtons.Back] : [],
  });
  if (question.of < 2) Object.assign(shown, noSteps);
  shown.onDidChangeValue(() => {
    shown.validationMessage = undefined;
  });
  try {
    return await new Promise((resolve) => {
      shown.onDidTriggerButton(() => resolve('back'));
      shown.onDidHide(() => resolve('cancelled'));
      shown.onDidAccept(() => {
        const { value } = shown;
        shown.validationMessage = question.check(value);
        if (shown.validationMessage === undefined) resolve({ value });
      });
      shown.show();
    });
  } finally {
    shown.dispose();
  }
}

/** A question that notes its answer, told which one it is and of how many. */
export type Step = (step: number, of: number) => Promise<Answer<unknown>>;

/** Asks one question after the other, and goes back where that is wanted. @returns whether all were answered. */
export async function askInTurn(steps: readonly Step[]): Promise<boolean> {
  let at = 0;
  while (at < steps.length) {
    const answer = await steps[at]?.(at + 1, steps.length);
    if (answer === undefined || answer === 'cancelled') return false;
    at += answer === 'back' ? -1 : 1;
    if (at < 0) return false;
  }
  return true;
}
