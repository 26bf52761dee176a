/** Arrow keys, Home and End go from cell to cell of the table, as in a grid (WAI-ARIA Authoring Practices, Grid). */
export function followKeys(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const cell = event.target instanceof HTMLElement ? event.target.closest('button.cell') : null;
    if (!(cell instanceof HTMLElement)) return;
    const next = neighbour(root, cell, event.key);
    if (next === undefined) return;
    event.preventDefault();
    focusCell(root, next);
  });
}

/** Makes a cell the one that Tab leads to. */
function focusCell(root: HTMLElement, cell: HTMLElement): void {
  for (const one of root.querySelectorAll<HTMLElement>('button.cell')) one.tabIndex = one === cell ? 0 : -1;
  cell.focus();
}

function neighbour(root: HTMLElement, cell: HTMLElement, key: string): HTMLElement | undefined {
  const all = [...root.querySelectorAll<HTMLElement>('button.cell')];
  const [row, column] = placeOf(cell);
  const inRow = all.filter((one) => placeOf(one)[0] === row);
  const inColumn = all.filter((one) => placeOf(one)[1] === column);
  const step = (cells: HTMLElement[], by: number) => cells[cells.indexOf(cell) + by];
  const steps: Record<string, () => HTMLElement | undefined> = {
    ArrowRight: () => step(inRow, 1),
    ArrowLeft: () => step(inRow, -1),
    ArrowDown: () => step(inColumn, 1) ?? nearestBelow(all, row, column),
    ArrowUp: () => step(inColumn, -1),
    Home: () => inRow[0],
    End: () => inRow.at(-1),
  };
  return steps[key]?.();
}

/** Where a column ends, the next row goes on. */
function nearestBelow(cells: readonly HTMLElement[], row: number, column: number): HTMLElement | undefined {
  const below = cells.filter((one) => placeOf(one)[0] === row + 1);
  return below.sort((a, b) => Math.abs(placeOf(a)[1] - column) - Math.abs(placeOf(b)[1] - column))[0];
}

function placeOf({ dataset }: HTMLElement): [row: number, column: number] {
  return [Number(dataset.row), Number(dataset.column)];
}
