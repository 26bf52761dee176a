// Lists as JSON what a workspace has: how many contexts, and the files of the layers that these load, each once.
//   node listLayers.mjs FOLDER [APP ENVIRONMENT [CLUSTER]]      of all contexts, or of one
import { context } from '../core/layers/context.ts';
import { stackFiles } from '../core/layers/stack.ts';
import { discoverWorkspaces } from '../core/workspace/discover.ts';
import { openModel } from '../core/workspace/model.ts';
import { contextsOf } from '../core/workspace/workspace.ts';
import { corePath, diskSource } from '../disk/diskSource.ts';

const [folder = '.', app, environment = '', cluster] = process.argv.slice(2);
const source = diskSource();
const [workspace] = discoverWorkspaces(source, [corePath(folder)]);
if (workspace === undefined) throw new Error(`there is no workspace in ${folder}`);
const contexts =
  app === undefined
    ? workspace.apps.flatMap((one) => contextsOf(workspace, one.name))
    : [context(app, environment, { cluster })];
const { layersIn } = openModel(source, workspace);
const files = new Set(contexts.flatMap((of) => stackFiles(workspace, of, layersIn).map((one) => one.file)));
console.log(JSON.stringify({ contexts: contexts.length, files: [...files] }));
