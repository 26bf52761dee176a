import { createRequire } from 'node:module';
import path from 'node:path';
import { keepCompiledCode } from '../disk/compiledCode.ts';

// Small, so that it takes no time to compile: all else is in the bundle beside it.
keepCompiledCode();
createRequire(__filename)(path.join(__dirname, 'cli.bundle.js'));
