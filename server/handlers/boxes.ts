import { ErrorCodes, LSPErrorCodes, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';
import { addBox, removeBox } from '../../core/features/boxes/changeBoxes.ts';
import { joinPath } from '../../core/text/paths.ts';
import { manifestNames } from '../../core/workspace/manifest.ts';
import type { Model } from '../../core/workspace/model.ts';
import { isAddBoxParams, isRemoveBoxParams } from '../../protocol/boxes.ts';
import { toChange } from '../lsp/actions.ts';
import { uriOfFile } from '../lsp/uri.ts';
import type { Server } from '../server.ts';

type Answer = WorkspaceEdit | ResponseError<void>;

/** `strata/addBox` */
export function onAddBox(server: Server, params: unknown): Answer {
  if (!isAddBoxParams(params))
    return new ResponseError(ErrorCodes.InvalidParams, 'a box has a name and a url');
  return changed(server, params.root, (manifest) => addBox(manifest, params.box));
}

/** `strata/removeBox` */
export function onRemoveBox(server: Server, params: unknown): Answer {
  if (!isRemoveBoxParams(params)) return new ResponseError(ErrorCodes.InvalidParams, 'which box?');
  return changed(server, params.root, (manifest) => removeBox(manifest, params.name));
}

function changed(
  server: Server,
  root: string,
  change: (manifest: Manifest) => ReturnType<typeof addBox>,
): Answer {
  const model = server.session.models().find(({ workspace }) => uriOfFile(workspace.root) === root);
  if (model === undefined) return failed('there is no such workspace');
  const manifest = manifestOf(server, model);
  if ('error' in manifest) return failed(manifest.error);
  const result = change(manifest);
  if ('refusal' in result) return failed(result.refusal);
  const { file, isThere } = manifest;
  if (!isThere && !server.clientCan.createFiles)
    return failed(`make ${file} first: this editor makes no files`);
  const edits = result.edits.map((edit) => ({ file, ...edit }));
  const made = edits.map(({ text }) => ({ file, text }));
  return toChange(isThere ? { edits } : { edits: [], creates: made }, {
    ...{ file, title: '', annotate: false, documentChanges: server.clientCan.documentChanges },
    positionOf: server.positionsIn(model),
    openDocument: server.openDocument,
  });
}

interface Manifest {
  file: string;
  text: string;
  isThere: boolean;
}

/** The manifest of a workspace; an empty one where it has none yet. */
function manifestOf({ source }: Server, { workspace }: Model): Manifest | { error: string } {
  const { root, manifest } = workspace;
  if (manifest === undefined) {
    return { file: joinPath(root, manifestNames[0] ?? 'strata.yaml'), text: '', isThere: false };
  }
  const content = source.read(manifest) ?? { error: `${manifest} is not there` };
  return 'text' in content ? { file: manifest, text: content.text, isThere: true } : content;
}

function failed(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
