/** Up, Down, Home and End go from box to box, which shows its log. */
export function followKeys(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const all = [...root.querySelectorAll<HTMLElement>('button.box')];
    const at = event.target instanceof HTMLElement ? all.indexOf(event.target) : -1;
    if (at === -1) return;
    const steps: Record<string, number> = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 },
    };
    const next = all[steps[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    const { box } = next.dataset;
    next.click();
    // It was drawn anew.
    root.querySelector<HTMLElement>(`button.box[data-box="${CSS.escape(box ?? '')}"]`)?.focus();
  });
}
