// The floor of what reading layers can cost: reads and parses the files of a list, one by one, and keeps nothing.
//   node parseFiles.mjs LIST      a JSON file with an array of paths
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

// As core/yaml/parse.ts asks for them: without the extras that cost time.
const options = /** @type {const} */ ({
  version: '1.2',
  schema: 'core',
  intAsBigInt: true,
  merge: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
});

/** @type {string[]} */
const files = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
let documents = 0;
for (const file of files) documents += parseAllDocuments(readFileSync(file, 'utf8'), options).length;
console.log(`${documents} documents`);
