import v8 from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskSource } from '../disk/diskSource.ts';
import { serve } from './server.ts';

// How to talk (`--stdio`, `--node-ipc`, `--socket`) stands in the arguments, as vscode-languageserver reads them.
const connection = createConnection(ProposedFeatures.all);
// An editor runs many servers. Node lets free memory grow to several times of what is in use before it looks for it, which
// is quick while everything is read for the first time, and a waste afterwards.
serve(connection, diskSource(), () => v8.setFlagsFromString('--heap-growing-percent=25'));
connection.listen();
