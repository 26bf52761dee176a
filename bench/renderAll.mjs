// Renders every app of a workspace for every environment and cluster, in one process.
//   node renderAll.mjs FOLDER
import { configurationJson } from '../core/render/json.ts';
import { renderConfiguration } from '../core/render/render.ts';
import { discoverWorkspaces } from '../core/workspace/discover.ts';
import { openModel } from '../core/workspace/model.ts';
import { contextsOf } from '../core/workspace/workspace.ts';
import { corePath, diskSource } from '../disk/diskSource.ts';

const source = diskSource();
const [workspace] = discoverWorkspaces(source, [corePath(process.argv[2] ?? '.')]);
if (workspace === undefined) throw new Error('there is no workspace');
const model = openModel(source, workspace);
const contexts = workspace.apps.flatMap((app) => contextsOf(workspace, app.name));
let bytes = 0;
for (const of of contexts) bytes += configurationJson(renderConfiguration(model, of).root).length;
console.log(`${contexts.length} configurations, ${bytes} bytes`);
