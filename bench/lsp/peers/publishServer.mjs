// The floor of an edit that reaches many files: a server that parses the changed file and tells of every file
// that it was given a prepared problem, or that it has none.
import { parseEvents } from 'js-yaml';
import { createConnection, ProposedFeatures, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** @type {string[]} */
let uris = [];
const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
connection.onInitialize(({ initializationOptions }) => {
  uris = initializationOptions.uris;
  return { capabilities: { textDocumentSync: 2 } };
});
documents.onDidChangeContent(({ document }) => {
  const text = document.getText();
  const events = parseEvents(text, {});
  const isWrong = events.length > 0 && /replicas: x/.test(text);
  for (const uri of uris)
    void connection.sendDiagnostics({ uri, diagnostics: isWrong ? [problem(document.uri)] : [] });
});
documents.listen(connection);
connection.listen();

/** @param {string} uri of the other place */
function problem(uri) {
  const range = { start: { line: 150, character: 4 }, end: { line: 150, character: 15 } };
  return {
    range,
    severity: /** @type {const} */ (1),
    code: 'type-mismatch',
    source: 'strata',
    message:
      'common.fleet.replicas: an integer stands over a string that a lower layer gives (every context)',
    relatedInformation: [{ location: { uri, range }, message: 'given here as a string' }],
  };
}
