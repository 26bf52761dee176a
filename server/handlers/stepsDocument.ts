import { stepsDocument } from '../../core/features/stepsDocument.ts';
import { isStepsApp, type StepsDocument } from '../../protocol/stepsDocument.ts';
import { uriOfFile } from '../lsp/uri.ts';
import type { Server } from '../server.ts';

export function onStepsDocument({ session }: Server, params: unknown): StepsDocument | null {
  if (!isStepsApp(params)) return null;
  const model = session.models().find(({ workspace }) => uriOfFile(workspace.root) === params.root);
  const app = model?.workspace.apps.find(({ name }) => name === params.app);
  return model === undefined || app === undefined ? null : { text: stepsDocument(model, app) };
}
