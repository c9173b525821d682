/** The name that somebody probably meant. */

/** Of `names`, the one that takes the fewest edits to get to from `typed`; `null` where none is near. */
export function nearest(typed: string, names: readonly string[]): string | null {
  const [best] = names
    .map((name) => ({ name, distance: name.startsWith(typed) && typed !== '' ? 1 : edits(typed, name) }))
    .sort((a, b) => a.distance - b.distance)
  if (best === undefined) return null
  return best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : null
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment distance). */
function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : at(-1, 0)
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped))
    }
  }
  return at(a.length, b.length)
}
