import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskSource } from '../disk/diskSource.ts';
import { keepSmall } from './memory.ts';
import { serve } from './server.ts';

// How to talk (`--stdio`, `--node-ipc`, `--socket`) stands in the arguments, as vscode-languageserver reads them.
const connection = createConnection(ProposedFeatures.all);
serve(connection, diskSource(), keepSmall());
connection.listen();
