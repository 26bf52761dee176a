import schema from '../../schemas/strata.schema.json' with { type: 'json' };
import { type Problem, problem } from '../problem.ts';
import type { MappingNode } from '../yaml/tree.ts';
import { schemaFaults } from './schemaFaults.ts';

/** Where the manifest breaks its JSON Schema (`schemas/strata.schema.json`), each fault with its place. */
export function schemaProblems(file: string, root: MappingNode): Problem[] {
  return schemaFaults(root, schema).map(({ range, message, ...more }) =>
    problem('manifest', { file, range }, message, more),
  );
}
