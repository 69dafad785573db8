import { Failure } from '../../errors.ts'
import { classOf, literal, rangeSet, unionSet } from './char-set.ts'
import type { CharSet } from './char-set.ts'

/** A pattern as a tree. `group` with `index: null` captures nothing. */
export type PatternNode =
  | { readonly kind: 'char'; readonly set: CharSet; readonly literal: string | null }
  | { readonly kind: 'assert'; readonly at: Assertion }
  | { readonly kind: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly index: number | null; readonly node: PatternNode }
  | {
      readonly kind: 'repeat'
      readonly node: PatternNode
      readonly min: number
      readonly max: number
      readonly lazy: boolean
    }

/** A place in the text: its start, its end, the edge of a word, or none. */
export type Assertion = 'start' | 'end' | 'edge' | 'no-edge'

const MOST_REPEATS = 100
const MOST_NESTED = 30
const MOST_GROUPS = 9

/**
 * Reads a pattern: letters for themselves, `.`, `[a-z]`, `[^…]`, `\d \w \s \b` and their opposites, `^ $`, `|`, `( )`,
 * `(?: )`, `* + ? {n} {n,} {n,m}`, each also lazy with `?`. No look-around and no back-references: what is left can be
 * matched in time that grows with the text, whatever the pattern is.
 *
 * Fails with `lineup/bad-pattern` and the place of the error.
 */
export function parsePattern(text: string): PatternNode {
  const signs = [...text]
  let at = 0
  let groups = 0
  let depth = 0

  const fail = (what: string): never => {
    throw new Failure('lineup/bad-pattern', `Cannot read the pattern at character ${at + 1}: ${what}`, { position: at })
  }
  const eat = (sign: string): boolean => {
    if (signs[at] !== sign) return false
    at++
    return true
  }

  const choice = (): PatternNode => {
    const nodes = [sequence()]
    while (eat('|')) nodes.push(sequence())
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'choice', nodes }
  }

  const sequence = (): PatternNode => {
    const nodes: PatternNode[] = []
    while (at < signs.length && signs[at] !== '|' && signs[at] !== ')') nodes.push(repeated(atom()))
    return { kind: 'sequence', nodes }
  }

  const repeated = (node: PatternNode): PatternNode => {
    const bounds = quantifier()
    if (bounds === null) return node
    if (node.kind === 'assert') return fail('a place cannot be repeated')
    const lazy = eat('?')
    if ('*+?{'.includes(signs[at] ?? ' ')) return fail('only one quantifier may follow')
    return { kind: 'repeat', node, ...bounds, lazy }
  }

  const quantifier = (): { readonly min: number; readonly max: number } | null => {
    if (eat('*')) return { min: 0, max: Infinity }
    if (eat('+')) return { min: 1, max: Infinity }
    if (eat('?')) return { min: 0, max: 1 }
    const [whole, low, comma, high] = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(signs.slice(at, at + 12).join('')) ?? []
    if (whole === undefined || low === undefined) return null
    const min = Number(low)
    const max = comma === '' ? min : high === undefined || high === '' ? Infinity : Number(high)
    if (max < min) return fail('the second number should not be smaller than the first one')
    if (min > MOST_REPEATS || (max !== Infinity && max > MOST_REPEATS))
      return fail(`a count should be ${MOST_REPEATS} at most`)
    at += whole.length
    return { min, max }
  }

  const atom = (): PatternNode => {
    const sign = signs[at] ?? ''
    if (sign === '(') return group()
    if (sign === '[') return charClass()
    if ('*+?'.includes(sign)) return fail(`there is nothing that "${sign}" could repeat`)
    at++
    if (sign === '^') return { kind: 'assert', at: 'start' }
    if (sign === '$') return { kind: 'assert', at: 'end' }
    if (sign === '.') return { kind: 'char', set: () => true, literal: null }
    if (sign === '\\') return escaped()
    return { kind: 'char', set: literal(sign), literal: sign }
  }

  const group = (): PatternNode => {
    at++
    let index: number | null = null
    if (signs[at] === '?') {
      if (signs[at + 1] !== ':') return fail('only "(" and "(?:" open a group here')
      at += 2
    } else {
      if (++groups > MOST_GROUPS) return fail(`a pattern should have at most ${MOST_GROUPS} groups; use "(?:"`)
      index = groups
    }
    if (++depth > MOST_NESTED) return fail('too many groups inside each other')
    const node = choice()
    depth--
    if (!eat(')')) return fail('a ")" is missing')
    return { kind: 'group', index, node }
  }

  const escaped = (): PatternNode => {
    const sign = signs[at]
    if (sign === undefined) return fail('something should follow "\\"')
    if (sign === 'b' || sign === 'B') {
      at++
      return { kind: 'assert', at: sign === 'b' ? 'edge' : 'no-edge' }
    }
    const set = classOf(sign)
    if (set === null && /[a-z0-9]/i.test(sign)) return fail(`"\\${sign}" is not known here`)
    at++
    return set === null ? { kind: 'char', set: literal(sign), literal: sign } : { kind: 'char', set, literal: null }
  }

  const charClass = (): PatternNode => {
    at++
    const isNegated = eat('^')
    const sets: CharSet[] = []
    for (let isFirst = true; isFirst || signs[at] !== ']'; isFirst = false) {
      const [from, set] = classMember()
      if (from === null || signs[at] !== '-' || (signs[at + 1] ?? ']') === ']') {
        sets.push(set)
        continue
      }
      at++
      const [to] = classMember()
      if (to === null) return fail('a range should end in a single character')
      if ((to.codePointAt(0) ?? 0) < (from.codePointAt(0) ?? 0)) return fail('a range should rise')
      sets.push(rangeSet(from, to))
    }
    at++
    const set = unionSet(sets)
    return { kind: 'char', set: isNegated ? (sign) => !set(sign) : set, literal: null }
  }

  /** One sign inside brackets and what it stands for; null instead of the sign for a class. */
  const classMember = (): readonly [string | null, CharSet] => {
    const sign = signs[at]
    if (sign === undefined) return fail('a "]" is missing')
    at++
    if (sign !== '\\') return [sign, literal(sign)]
    const next = signs[at]
    if (next === undefined) return fail('something should follow "\\"')
    at++
    const set = classOf(next)
    if (set !== null) return [null, set]
    if (/[a-z0-9]/i.test(next)) return fail(`"\\${next}" is not known here`)
    return [next, literal(next)]
  }

  const tree = choice()
  if (at < signs.length) return fail('there is a ")" too many')
  return tree
}
