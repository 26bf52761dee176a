// The floor of a request: a server that knows nothing, and answers every hover at once with the same text.
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';

const value = ['| environment | effective value | from |', '| :-- | :-- | :-- |']
  .concat(
    Array.from({ length: 5 }, (_, row) => `| environment-${row} | \`some value\` | some-layer.yaml:12 |`),
  )
  .join('\n');
const connection = createConnection(ProposedFeatures.all);
connection.onInitialize(() => ({ capabilities: { textDocumentSync: 2, hoverProvider: true } }));
connection.onHover(() => ({ contents: { kind: 'markdown', value } }));
connection.listen();
