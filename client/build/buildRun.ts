import { startTool } from '../node/tool.ts';
import { type BuildDefinition, buildArguments } from './definition.ts';
import { stepReader } from './output.ts';
import { type BuildResult, readBuildResult } from './result.ts';

/** A build that was asked for. */
export interface BuildRequest {
  /** The bundle of the command. */
  cli: string;
  /** The folder of the app's workspace. */
  root: string;
  /** The folder that paths in the output are shown from. */
  cwd: string;
  definition: BuildDefinition;
}

/** Who is told how a build goes. */
export interface BuildListener {
  text(text: string): void;
  step(name: string): void;
}

/** How a build ended. */
export interface BuildEnd {
  /** 130 where it was stopped. */
  code: number;
  result: BuildResult | undefined;
}

/** A build that runs. */
export interface BuildRun {
  ended: Promise<BuildEnd>;
  /** As Ctrl+C: the command stops what it started and takes back what is half-done. Once more stops it at once. */
  stop(): void;
}

const stoppedCode = 130;

/** Runs `strata build`. Never throws: a command that cannot be started is a build that failed. */
export function runBuild({ cli, root, cwd, definition }: BuildRequest, listener: BuildListener): BuildRun {
  const args = buildArguments(definition, root);
  const child = startTool({ file: cli, args, cwd, env: { FORCE_COLOR: '1' } });
  child.stdin.end();
  let stdout = '';
  let isStopped = false;
  const readSteps = stepReader((step) => listener.step(step));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    listener.text(text);
    readSteps(text);
  });
  const ended = new Promise<BuildEnd>((resolve) => {
    child.on('error', (error) => listener.text(`strata: ${error.message}\n`));
    child.on('close', (code) => {
      const result = readBuildResult(stdout);
      resolve({ code: isStopped || code === null ? stoppedCode : code, result });
    });
  });
  return {
    ended,
    stop() {
      isStopped = true;
      child.kill('SIGINT');
    },
  };
}
