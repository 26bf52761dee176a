import { isObject, isText } from './values.ts';

/** The scheme of the documents that tell the steps of an app. */
export const stepsScheme = 'strata-steps';

/** What the language server and its client say to each other about the steps of apps. */
export const stepsMethods = {
  /** Request with a `StepsApp`, answered by a `StepsDocument`, or `null` for an app that is not there. */
  document: 'strata/stepsDocument',
} as const;

/** An app of a workspace. */
export interface StepsApp {
  /** The workspace's folder, as an address. */
  root: string;
  app: string;
}

/** Which steps are done for an app, in which order, and why, as a text. */
export interface StepsDocument {
  text: string;
}

/** Whether a value that came over the wire names an app of a workspace. */
export function isStepsApp(value: unknown): value is StepsApp {
  return isObject(value) && isText(value.root) && isText(value.app);
}

/** Whether a value that came over the wire tells steps. */
export function isStepsDocument(value: unknown): value is StepsDocument {
  return isObject(value) && isText(value.text);
}

/** Path and query of the document of an app: `/steps of shop`, and the app as JSON. */
export function stepsAddress({ root, app }: StepsApp): { path: string; query: string } {
  return { path: `/steps of ${app}`, query: JSON.stringify({ root, app }) };
}

/** The app of an address, by its query. */
export function appOfAddress(query: string): StepsApp | undefined {
  try {
    const value: unknown = JSON.parse(query);
    return isStepsApp(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
