import { pathToFileURL } from 'node:url';
import { contextsText } from '../../core/features/contextsText.ts';
import type { Finding } from '../../core/features/lint.ts';
import { type ProblemCode, problemCodes } from '../../core/problem.ts';
import type { Model } from '../../core/workspace/model.ts';
import { version } from '../version.ts';
import type { Place, PlaceOf } from './problems.ts';

/** What each code is about, for the list of rules. */
const descriptions: Readonly<Record<ProblemCode, string>> = {
  'type-mismatch': 'A layer replaces a value by one of another type.',
  'missing-value': 'A placeholder (!missing) is left that no layer gives a value.',
  'yaml-syntax': 'The file is not the YAML that layers are written in.',
  'duplicate-key': 'A key is given twice in one mapping.',
  'not-a-mapping': 'A layer is something else than a mapping.',
  'several-documents': 'A layer holds more than one YAML document.',
  'unreadable-layer': 'A layer cannot be read from the disk.',
  'ambiguous-layer': 'Two files stand for the same slot of the same directory.',
  'unreachable-layer': 'No context loads the file.',
  'redundant-override': 'A layer gives what lies below already, in every context that reads it.',
  'likely-typo': 'A key that only one layer has looks like one of a layer below.',
  'environment-gap': 'A setting is given in every environment but one.',
  'public-key-missing': 'A setting that is to be public is not in the configuration.',
  schema: 'A setting breaks the JSON Schema of its app, or the schema cannot be used.',
  'template-undefined': 'A template uses a setting that is not in the configuration.',
  manifest: 'The manifest is wrong.',
  steps: 'What an app says of its steps (deploy/steps.yaml) is wrong.',
};

/**
 * Findings as a SARIF 2.1.0 log
 * (https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html).
 */
export function sarifLog(model: Model, findings: readonly Finding[], placeOf: PlaceOf): object {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'strata', version, rules: problemCodes.map(rule) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: `${pathToFileURL(model.workspace.root).href}/` } },
        results: findings.map((one) => result(model, one, placeOf)),
      },
    ],
  };
}

function rule(id: ProblemCode): object {
  return { id, shortDescription: { text: descriptions[id] } };
}

function result(model: Model, one: Finding, placeOf: PlaceOf): object {
  const where = contextsText(model, one.contexts);
  const setting = one.setting === undefined ? '' : `${one.setting}: `;
  return {
    ruleId: one.code,
    ruleIndex: problemCodes.indexOf(one.code),
    level: one.severity,
    message: { text: `${setting}${one.message}${where === '' ? '' : ` [${where}]`}` },
    locations: [location(placeOf(one.file, one.range))],
    relatedLocations: one.related.map((place, id) => ({
      id,
      message: { text: place.message },
      ...location(placeOf(place.file, place.range)),
    })),
  };
}

function location({ file, line, column }: Place): object {
  const outside = file.startsWith('/') || /^[A-Za-z]:/.test(file);
  const uri = outside ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: outside ? { uri } : { uri, uriBaseId: 'ROOT' },
      region: { startLine: line, startColumn: column },
    },
  };
}
