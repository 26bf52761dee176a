/** The name of a context as it goes over the wire. */
export interface ContextName {
  app: string;
  environment: string;
  cluster: string | null;
  mode: 'deploy' | 'local' | 'build';
  /** `production/us`: what people are shown. */
  label: string;
}

/** Answer of `strata/contexts`: all that can be chosen, and what is. */
export interface ContextList {
  contexts: ContextName[];
  /** `null` while there are no layers. */
  active: ContextName | null;
}

/** The language server's own requests and notifications. Other clients may ignore what begins with `$/`. */
export const methods = {
  /** Request without parameters, answered by a `ContextList`. */
  contexts: 'strata/contexts',
  /** Request with a `ContextName`: chooses the active context; answered by the one that is active now. */
  setContext: 'strata/setContext',
  /** Notification from the server with a `ContextList`: apps, environments or the active context changed. */
  contextsChanged: '$/strata/contextsChanged',
  /** Notification from the server without parameters: every layer has been read once. */
  layersReady: '$/strata/layersReady',
  /**
   * Request without parameters, answered by `null` when every change that the server was told of before has been looked
   * at and the problems are published.
   */
  settled: 'strata/settled',
} as const;

/** What the client sends along with `initialize`. */
export interface InitializationOptions {
  /** The context that was active when the workspace was last open. */
  context?: ContextName | null;
  /** Whether problems with the syntax of YAML are shown; left out: they are. */
  yamlSyntax?: boolean;
  /** `pull`: the editor asks for problems (`textDocument/diagnostic`, `workspace/diagnostic`), and none are pushed. */
  diagnostics?: 'push' | 'pull';
}

/** Whether a value that came over the wire is a context's name. */
export function isContextName(value: unknown): value is ContextName {
  if (typeof value !== 'object' || value === null) return false;
  const { app, environment, cluster, mode, label } = value as Record<string, unknown>;
  return (
    typeof app === 'string' &&
    typeof environment === 'string' &&
    (cluster === null || typeof cluster === 'string') &&
    (mode === 'deploy' || mode === 'local' || mode === 'build') &&
    typeof label === 'string'
  );
}

/** Whether a value that came over the wire is a list of contexts. */
export function isContextList(value: unknown): value is ContextList {
  if (typeof value !== 'object' || value === null) return false;
  const { contexts, active } = value as Record<string, unknown>;
  return (
    Array.isArray(contexts) && contexts.every(isContextName) && (active === null || isContextName(active))
  );
}

/** Whether what came with `initialize` can be used. */
export function isInitializationOptions(value: unknown): value is InitializationOptions {
  if (typeof value !== 'object' || value === null) return false;
  const { context, yamlSyntax, diagnostics } = value as Record<string, unknown>;
  return (
    (context === undefined || context === null || isContextName(context)) &&
    (yamlSyntax === undefined || typeof yamlSyntax === 'boolean') &&
    (diagnostics === undefined || diagnostics === 'push' || diagnostics === 'pull')
  );
}
