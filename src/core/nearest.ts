// The name that was probably meant: nearest by edit distance. For hints only.

/**
 * The candidate nearest to a mistyped name, or undefined where none is near enough: the same but for case, or at most
 * a third of the letters (at least one, two from four letters on) inserted, left out, changed or swapped with their neighbour.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name === '' || name.length > 100) return undefined;
  const lower = name.toLowerCase();
  let most = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  let best: string | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (other === lower) return candidate;
    if (Math.abs(other.length - lower.length) > most) continue;
    const distance = editDistance(lower, other, most);
    if (distance < most || (distance === most && best === undefined)) {
      most = distance;
      best = candidate;
    }
  }
  return best;
}

/** Optimal string alignment distance (Damerau 1964, without repeated edits of one place); `most + 1` where it is larger. */
function editDistance(a: string, b: string, most: number): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let smallest = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (twoBack[column - 2] ?? 0) + 1);
      }
      current.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > most + 1) return most + 1;
    twoBack = previous;
    previous = current;
  }
  return previous[b.length] ?? most + 1;
}
