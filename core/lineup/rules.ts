import { createFilter } from './filter/filter.ts'
import type { ChannelFilter } from './filter/filter.ts'
import type { ChannelSubject } from './filter/subject.ts'
import { createPattern } from './pattern/pattern.ts'
import { plainText } from '../plain-text.ts'
import type { Rule } from './rule.ts'

/** A range of whole channel numbers, both ends included. */
export type NumberRange = { readonly from: number; readonly to: number }

/** The owner's rules, ready to be asked. A subject is the channel as its sources name it. */
export interface Rules {
  readonly isEmpty: boolean
  /** The name after all renaming rules; the given one where they leave nothing. */
  nameFor(subject: ChannelSubject): string
  /** Null: no rule says. */
  isShown(subject: ChannelSubject): boolean | null
  /** Where a new channel gets its number; null: anywhere outside of all ranges. */
  rangeFor(subject: ChannelSubject): NumberRange | null
  readonly ranges: readonly NumberRange[]
}

const EVERY_CHANNEL: ChannelFilter = () => true

/** Makes the rules of their texts. Fails with `lineup/bad-filter`, `lineup/bad-pattern`. */
export function createRules(rules: readonly Rule[]): Rules {
  const renames: { readonly filter: ChannelFilter; readonly apply: (name: string) => string }[] = []
  const shows: { readonly filter: ChannelFilter; readonly isShown: boolean }[] = []
  const numbers: { readonly filter: ChannelFilter; readonly range: NumberRange }[] = []
  for (const rule of rules) {
    const filter = rule.filter === null ? EVERY_CHANNEL : createFilter(rule.filter)
    switch (rule.kind) {
      case 'rename': {
        const pattern = createPattern(rule.pattern)
        renames.push({ filter, apply: (name) => pattern.replace(name, rule.replacement) })
        break
      }
      case 'hide':
      case 'show':
        shows.push({ filter, isShown: rule.kind === 'show' })
        break
      case 'numbers':
        numbers.push({ filter, range: { from: rule.from, to: rule.to } })
        break
      default:
        rule satisfies never
    }
  }
  return {
    isEmpty: rules.length === 0,
    nameFor(subject) {
      let name = subject.name
      for (const { filter, apply } of renames) if (filter(subject)) name = apply(name)
      return name === subject.name ? name : plainText(name) || subject.name
    },
    isShown: (subject) => shows.find(({ filter }) => filter(subject))?.isShown ?? null,
    rangeFor: (subject) => numbers.find(({ filter }) => filter(subject))?.range ?? null,
    ranges: numbers.map(({ range }) => range),
  }
}
