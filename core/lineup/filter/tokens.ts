import { Failure } from '../../errors.ts'

/** One word of a filter, and where it stands (0-based). `text`: what was quoted, without the quotes. */
export type Token = { readonly kind: 'word' | 'text' | 'sign' | 'end'; readonly value: string; readonly at: number }

/** The failure for a filter that cannot be read; positions are told from 1. */
export const filterFailure = (at: number, what: string): Failure =>
  new Failure('lineup/bad-filter', `Cannot read the filter at character ${at + 1}: ${what}`, { position: at })

/**
 * Cuts a filter into words (`name`, `and`, `5.1`), quoted texts (`"…"` or `'…'`, `\` before a quote or `\`) and signs.
 *
 * Fails with `lineup/bad-filter`.
 */
export function readTokens(filter: string): readonly Token[] {
  const tokens: Token[] = []
  const pattern = /\s+|([\p{L}\p{N}_.][\p{L}\p{N}_.-]*)|(!=|!~|<=|>=|[=~<>(),])/uy
  let at = 0
  while (at < filter.length) {
    const quote = filter[at]
    if (quote === '"' || quote === "'") {
      const { value, end } = readQuoted(filter, at, quote)
      tokens.push({ kind: 'text', value, at })
      at = end
      continue
    }
    pattern.lastIndex = at
    const match = pattern.exec(filter)
    if (match === null) throw filterFailure(at, `"${filter.slice(at, at + 1)}" has no meaning here`)
    const [whole, word, sign] = match
    if (word !== undefined) tokens.push({ kind: 'word', value: word, at })
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, at })
    at += whole.length
  }
  return [...tokens, { kind: 'end', value: '', at }]
}

function readQuoted(filter: string, start: number, quote: string): { readonly value: string; readonly end: number } {
  let value = ''
  for (let at = start + 1; at < filter.length; at++) {
    const sign = filter[at] ?? ''
    const next = filter[at + 1]
    if (sign === quote) return { value, end: at + 1 }
    // Any other "\" belongs to the text: patterns are full of them.
    if (sign === '\\' && (next === quote || next === '\\')) {
      value += next === '\\' ? '\\\\' : next
      at++
    } else value += sign
  }
  throw filterFailure(start, `the text that begins here has no ${quote} at its end`)
}
