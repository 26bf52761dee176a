import v8 from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskSource } from '../disk/diskSource.ts';
import { serve } from './server.ts';

// An editor runs many servers. Node would let free memory grow to several times of what is in use before it looks for it.
v8.setFlagsFromString('--max-semi-space-size=8');
v8.setFlagsFromString('--heap-growing-percent=25');

// How to talk (`--stdio`, `--node-ipc`, `--socket`) stands in the arguments, as vscode-languageserver reads them.
const connection = createConnection(ProposedFeatures.all);
serve(connection, diskSource());
connection.listen();
