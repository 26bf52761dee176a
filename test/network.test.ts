// What can reach other machines from the editor: asking boxes, and the balancers that a manifest names before them, and nothing else.
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const network = /^(node:)?(net|http|https|http2|tls|dns|dgram|inspector|undici)(\/|$)/;

interface Bundled {
  /** The files that take a part of Node in which connections are made. */
  connecting: Record<string, string[]>;
  packages: string[];
  text: string;
}

/** Bundles a part as it is shipped, and tells what went into it. */
async function bundled(entry: string): Promise<Bundled> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    metafile: true,
    write: false,
    minify: true,
    logLevel: 'error',
  });
  const connecting: Record<string, string[]> = {};
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    const taken = imports.flatMap((one) => (one.external && network.test(one.path) ? one.path : []));
    if (taken.length > 0) connecting[file] = [...new Set(taken)].sort();
  }
  const packages = Object.keys(metafile.inputs).flatMap(
    (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  return { connecting, packages: [...new Set(packages)], text: outputFiles[0]?.text ?? '' };
}

// Pipes to a language server over a socket or a name of a pipe, of which only that to our own process is used.
const pipes = (of: string) => `node_modules/${of}vscode-jsonrpc/lib/node/main.js`;
const telemetry = /telemetry|applicationinsights|sentry|analytics|posthog|segment/;
// `fetch` and the like are there in every Node without being taken from a part of it.
const globals =
  /(?<![.\w$])(?:fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(|new (?:WebSocket|EventSource)\b/;

it('the extension connects to boxes and their balancers alone', async () => {
  const { connecting, packages, text } = await bundled('client/extension.ts');
  expect(connecting).toEqual({
    'remote/balancer/runtimeApi.ts': ['node:net'],
    'remote/certificate.ts': ['node:tls'],
    'remote/connection.ts': ['node:net', 'node:tls'],
    'remote/http/request.ts': ['node:http'],
  });
  expect(packages.filter((name) => telemetry.test(name))).toEqual([]);
  expect(globals.exec(text)?.[0]).toBeUndefined();
  expect(text).not.toContain('createTelemetryLogger');
});

it.each([
  ['language server', 'server/main.ts', 'vscode-languageserver/node_modules/'],
  ['client of the language server', 'client/languageClient.ts', ''],
])('the %s connects to nobody', async (_, entry, within) => {
  const { connecting, packages, text } = await bundled(entry);
  expect(connecting).toEqual({ [pipes(within)]: ['net'] });
  expect(packages.filter((name) => telemetry.test(name))).toEqual([]);
  expect(globals.exec(text)?.[0]).toBeUndefined();
  expect(text).not.toContain('createTelemetryLogger');
});
