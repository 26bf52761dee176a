// The open documents of a client: their text is kept here, and servers are told what changes in it.

/**
 * @typedef {object} Edit
 * @property {number} line
 * @property {number} character
 * @property {number} removed how many characters go away there, in this line
 * @property {string} inserted
 */

/**
 * @param {Pick<import('vscode-languageserver/node').MessageConnection, 'sendNotification'>} connection
 * @param {boolean} incremental whether the server takes parts; else it gets the whole text each time
 */
export function openDocuments(connection, incremental) {
  /** @type {Map<string, { lines: string[], version: number }>} */
  const documents = new Map();
  return {
    /**
     * @param {string} uri
     * @param {string} text
     */
    open(uri, text) {
      const lines = text.split('\n');
      documents.set(uri, { lines, version: 1 });
      const textDocument = { uri, languageId: 'yaml', version: 1, text };
      void connection.sendNotification('textDocument/didOpen', { textDocument });
      return { uri, lines };
    },
    /** The first line of an open document that holds a text. */
    lineOf: (/** @type {string} */ uri, /** @type {string} */ text) =>
      documents.get(uri)?.lines.findIndex((line) => line.includes(text)) ?? -1,
    /**
     * Makes an edit; gives the time at which it was sent, and the new version.
     * @param {string} uri
     * @param {Edit} edit
     */
    change(uri, { line, character, removed, inserted }) {
      const document = documents.get(uri);
      if (document === undefined) throw new Error(`${uri} is not open`);
      const before = document.lines[line] ?? '';
      document.lines[line] = before.slice(0, character) + inserted + before.slice(character + removed);
      const version = ++document.version;
      const range = { start: { line, character }, end: { line, character: character + removed } };
      const content = incremental ? { range, text: inserted } : { text: document.lines.join('\n') };
      const at = performance.now();
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [content],
      });
      return { at, version };
    },
  };
}
