/** Makes a text of a message with `{0}`, `{1}` in it, in the person's language: `vscode.l10n.t`. */
export type Translate = (message: string, ...values: (string | number)[]) => string;
