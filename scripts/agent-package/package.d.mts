/** Another system than those whose Node is among the npm packages. */
interface Target {
  arch: string;
  debian: string;
  /** That holds `bin/node` and its `LICENSE`. */
  folder: string;
}

export function packageAgent(options?: {
  into?: string;
  version?: string;
  level?: number;
  systems?: Target[];
}): Promise<string[]>;
