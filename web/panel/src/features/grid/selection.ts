/** Chosen rows by number, and where a range starts. */
export interface Selection {
  chosen: ReadonlySet<number>;
  anchor: number | null;
}

export const nothing: Selection = { chosen: new Set(), anchor: null };

export function selectOne(n: number): Selection {
  return { chosen: new Set([n]), anchor: n };
}

export function toggle(selection: Selection, n: number): Selection {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(n)) chosen.add(n);
  return { chosen, anchor: n };
}

/** From the anchor to a row, both included, in the order on the screen; `add` keeps what was chosen before. */
export function selectRange(selection: Selection, to: number, order: readonly number[], add: boolean): Selection {
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  const end = order.indexOf(to);
  if (from === -1 || end === -1) return selectOne(to);
  const range = order.slice(Math.min(from, end), Math.max(from, end) + 1).filter((n) => n > 0); // no headings
  return { chosen: new Set(add ? [...selection.chosen, ...range] : range), anchor: selection.anchor };
}
