import { compareNumbers } from '../channel.ts'
import { FLAG_FIELDS } from './fields.ts'
import { parseFilter } from './parse-filter.ts'
import type { Expression } from './parse-filter.ts'
import type { ChannelSubject } from './subject.ts'
import { hasWords } from './words.ts'

/** Says whether a channel is meant. */
export type ChannelFilter = (subject: ChannelSubject) => boolean

/**
 * Makes a filter of its text; see `parseFilter` for the language. It takes time in proportion to the filter and the
 * channel's texts. Fails with `lineup/bad-filter`.
 */
export const createFilter = (text: string): ChannelFilter => toFilter(parseFilter(text))

function toFilter(expression: Expression): ChannelFilter {
  switch (expression.kind) {
    case 'and': {
      const parts = expression.parts.map(toFilter)
      return (subject) => parts.every((part) => part(subject))
    }
    case 'or': {
      const parts = expression.parts.map(toFilter)
      return (subject) => parts.some((part) => part(subject))
    }
    case 'not': {
      const part = toFilter(expression.part)
      return (subject) => !part(subject)
    }
    case 'flag':
      return FLAG_FIELDS[expression.field]
    case 'words': {
      const { words } = expression
      return (subject) => hasWords(subject, words)
    }
    case 'equals': {
      const { field, texts } = expression
      return (subject) => field(subject).some((value) => texts.has(value.toLowerCase()))
    }
    case 'like': {
      const { field, pattern } = expression
      return (subject) => field(subject).some((value) => pattern.test(value))
    }
    case 'compare':
      return toComparison(expression)
    default:
      return expression satisfies never
  }
}

function toComparison({ field, operator, number }: Expression & { readonly kind: 'compare' }): ChannelFilter {
  const isMeant = ORDERS[operator]
  return (subject) => isMeant(compareNumbers(field === 'number' ? subject.number : String(subject.streams), number))
}

const ORDERS: Readonly<Record<'=' | '<' | '<=' | '>' | '>=', (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}
