// In place of vitest, for what tests outside of VS Code share with those inside: they only put things away.

export function afterAll(work: () => unknown, limitMs?: number): void {
  after(async function () {
    if (limitMs !== undefined) this.timeout(limitMs);
    await work();
  });
}
