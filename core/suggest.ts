/** The candidate that a mistyped word most likely means; null if none is near (at most two slips, one for short words). */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  let best: { readonly text: string; readonly slips: number } | null = null
  for (const text of candidates) {
    const slips = distance(word.toLowerCase(), text.toLowerCase())
    const allowed = Math.min(word.length, text.length) <= 3 ? 1 : 2
    if (slips <= allowed && (best === null || slips < best.slips)) best = { text, slips }
  }
  return best?.text ?? null
}

/** Optimal string alignment: letters added, dropped, changed, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
