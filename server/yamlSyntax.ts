import type { Connection } from 'vscode-languageserver';
import type { ProblemCode } from '../core/problem.ts';
import { showYamlSyntaxMethod } from '../protocol/yamlSyntax.ts';

/** What any checker of YAML finds as well. */
const syntaxCodes: ReadonlySet<ProblemCode> = new Set(['yaml-syntax', 'duplicate-key']);

/** Whether problems with the syntax of YAML are shown in the editor. */
export interface YamlSyntax {
  /** @param shown what the editor says at the start; left out: they are shown. */
  begin(shown: boolean | undefined): void;
  /** Whether problems with this code are to be published. */
  isShown(code: ProblemCode): boolean;
}

/**
 * Leaves syntax to another checker where the editor says that there is one.
 * @param changed is called when it says otherwise than before.
 */
export function followYamlSyntax(connection: Connection, changed: () => void): YamlSyntax {
  let shown = true;
  connection.onNotification(showYamlSyntaxMethod, (now: unknown) => {
    if (typeof now !== 'boolean' || now === shown) return;
    shown = now;
    changed();
  });
  return {
    begin(atStart = true) {
      shown = atStart;
    },
    isShown: (code) => isPublished(code, shown),
  };
}

/** Whether a problem is published to an editor that wants problems with syntax shown, or not. */
export function isPublished(code: ProblemCode, yamlSyntax: boolean): boolean {
  return yamlSyntax || !syntaxCodes.has(code);
}
