import { createPattern } from '../pattern/pattern.ts'
import type { Pattern } from '../pattern/pattern.ts'
import { Failure } from '../../errors.ts'
import { FIELD_NAMES, FLAG_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, WORDS_FIELD } from './fields.ts'
import type { FlagField, NumberField, TextField } from './fields.ts'
import { filterFailure, readTokens } from './tokens.ts'
import type { Token } from './tokens.ts'
import { readWords } from './words.ts'
import type { Words } from './words.ts'

/** A filter as a tree. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'flag'; readonly field: FlagField }
  | { readonly kind: 'words'; readonly words: Words }
  /** One of the values is one of the texts, without regard to case. */
  | { readonly kind: 'equals'; readonly field: TextField; readonly texts: ReadonlySet<string> }
  /** The pattern is found in one of the values. */
  | { readonly kind: 'like'; readonly field: TextField; readonly pattern: Pattern }
  | {
      readonly kind: 'compare'
      readonly field: NumberField
      readonly operator: '=' | '<' | '<=' | '>' | '>='
      readonly number: string
    }

const LONGEST = 2000
const MOST_NESTED = 50
const KEYWORDS = new Set(['and', 'or', 'not', 'in'])

/**
 * Reads a filter, for example `group = "Sport" and name ~ "HD$" and not source = "x"`.
 *
 * `not` binds closer than `and`, `and` closer than `or`; parentheses as usual. Texts: `=`, `!=`, `in ("a", "b")`, `~` and
 * `!~` with a pattern. Numbers (`number`, `streams`): `= != < <= > >=`, `in (1, 2)`. `enabled`, `favourite`, `logo`,
 * `guide`, `edited`, `problem`, `adult` stand alone. `text = "das erste"` searches by words. Fails with `lineup/bad-filter`, naming the place and what could stand there.
 */
export function parseFilter(filter: string): Expression {
  if (filter.length > LONGEST) throw filterFailure(LONGEST, `a filter should have at most ${LONGEST} characters`)
  const tokens = readTokens(filter)
  let index = 0
  let depth = 0
  const end: Token = { kind: 'end', value: '', at: filter.length }
  const peek = (): Token => tokens[index] ?? end
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().value.toLowerCase() === word
  const isSign = (sign: string): boolean => peek().kind === 'sign' && peek().value === sign
  const next = (): Token => {
    const token = peek()
    index++
    return token
  }
  const wrong = ({ kind, value, at }: Token, wish: string): Failure =>
    filterFailure(at, `${kind === 'end' ? 'the filter ends here' : `here is "${value}"`}, but there should be ${wish}`)

  const chain = (kind: 'and' | 'or', part: () => Expression): Expression => {
    const first = part()
    const parts = [first]
    while (isWord(kind)) {
      next()
      parts.push(part())
    }
    return parts.length === 1 ? first : { kind, parts }
  }
  const either = (): Expression => chain('or', both)
  const both = (): Expression => chain('and', maybeNot)

  const maybeNot = (): Expression => {
    let isNegated = false
    while (isWord('not')) {
      next()
      isNegated = !isNegated
    }
    const part = isSign('(') ? nested() : condition()
    return isNegated ? { kind: 'not', part } : part
  }

  const nested = (): Expression => {
    const open = next()
    if (++depth > MOST_NESTED) throw filterFailure(open.at, 'too many parentheses inside each other')
    const inner = either()
    depth--
    if (!isSign(')')) throw wrong(peek(), '")", "and" or "or"')
    next()
    return inner
  }

  const condition = (): Expression => {
    const token = next()
    const name = token.value.toLowerCase()
    if (token.kind !== 'word' || KEYWORDS.has(name)) throw wrong(token, 'the name of a field')
    if (name === WORDS_FIELD) return wordsCondition()
    if (isFlag(name)) return { kind: 'flag', field: name }
    const number = NUMBER_FIELDS.find((field) => field === name)
    if (number !== undefined) return numberCondition(number)
    const field = Object.hasOwn(TEXT_FIELDS, name) ? TEXT_FIELDS[name] : undefined
    if (field !== undefined) return textCondition(field)
    throw filterFailure(token.at, `"${token.value}" is no field; there are ${FIELD_NAMES.join(', ')}`)
  }

  const wordsCondition = (): Expression => {
    const sign = next()
    if (sign.kind !== 'sign' || (sign.value !== '=' && sign.value !== '!=')) throw wrong(sign, '= or !=')
    const part: Expression = { kind: 'words', words: readWords(text()) }
    return sign.value === '=' ? part : { kind: 'not', part }
  }

  const textCondition = (field: TextField): Expression => {
    if (isWord('in')) return { kind: 'equals', field, texts: new Set(list(text)) }
    const sign = next()
    switch (sign.kind === 'sign' ? sign.value : '') {
      case '=':
        return { kind: 'equals', field, texts: new Set([text()]) }
      case '!=':
        return { kind: 'not', part: { kind: 'equals', field, texts: new Set([text()]) } }
      case '~':
        return { kind: 'like', field, pattern: pattern() }
      case '!~':
        return { kind: 'not', part: { kind: 'like', field, pattern: pattern() } }
      default:
        throw wrong(sign, '=, !=, ~, !~ or in')
    }
  }

  const numberCondition = (field: NumberField): Expression => {
    if (isWord('in'))
      return { kind: 'or', parts: list(numeral).map((number) => ({ kind: 'compare', field, operator: '=', number })) }
    const sign = next()
    const operator = (['=', '<', '<=', '>', '>='] as const).find((one) => sign.kind === 'sign' && one === sign.value)
    if (operator !== undefined) return { kind: 'compare', field, operator, number: numeral() }
    if (sign.kind === 'sign' && sign.value === '!=')
      return { kind: 'not', part: { kind: 'compare', field, operator: '=', number: numeral() } }
    throw wrong(sign, '=, !=, <, <=, >, >= or in')
  }

  const list = <T>(member: () => T): readonly T[] => {
    next()
    if (!isSign('(')) throw wrong(peek(), '"("')
    const members: T[] = []
    do {
      next()
      members.push(member())
    } while (isSign(','))
    if (!isSign(')')) throw wrong(peek(), '"," or ")"')
    next()
    return members
  }

  const text = (): string => value().value.replaceAll('\\\\', '\\').toLowerCase()
  const value = (): Token => {
    const token = next()
    if (token.kind !== 'text') throw wrong(token, 'a text in quotes')
    return token
  }
  const numeral = (): string => {
    const token = next()
    if (token.kind === 'end' || token.kind === 'sign' || !/^\d{1,6}(\.\d{1,3})?$/.test(token.value))
      throw wrong(token, 'a number')
    return token.value
  }
  const pattern = (): Pattern => {
    const token = value()
    try {
      return createPattern(token.value)
    } catch (cause) {
      if (cause instanceof Failure) throw filterFailure(token.at, cause.message)
      throw cause
    }
  }

  const expression = either()
  if (peek().kind !== 'end') throw wrong(peek(), '"and" or "or"')
  return expression
}

const isFlag = (name: string): name is FlagField => Object.hasOwn(FLAG_FIELDS, name)
