/** A value of a setting as somebody would write it. */
export function printValue(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(printValue).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The words among which a setting chooses, out of what it should be (`one of "a", "b"`); none: it is no choice. */
export const choicesOf = (shouldBe: string): readonly string[] =>
  shouldBe.startsWith('one of ') ? [...shouldBe.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word) : []
