import { Failure } from '../../errors.ts'
import type { Rule } from '../rule.ts'
import { createRules } from '../rules.ts'
import type { StoredLineup } from '../stored.ts'

const MOST_RULES = 200

/**
 * The line-up under these rules, in this order, instead of those before. Numbers that were given stay; `numberChannels`
 * gives new ones.
 *
 * Fails with `lineup/bad-filter`, `lineup/bad-pattern`, and `http/bad-request` for ids that come twice and ranges that
 * fall or overlap.
 */
export function setRules(stored: StoredLineup, rules: readonly Rule[]): StoredLineup {
  if (rules.length > MOST_RULES) throw new Failure('http/bad-request', `There should be at most ${MOST_RULES} rules`)
  const ids = new Set<string>()
  for (const { id } of rules) {
    if (ids.has(id)) throw new Failure('http/bad-request', `Two rules have the id "${id}"`)
    ids.add(id)
  }
  const ranges = rules.filter((rule) => rule.kind === 'numbers').toSorted((a, b) => a.from - b.from)
  for (const [index, { id, from, to }] of ranges.entries()) {
    if (to < from) throw new Failure('http/bad-request', `The numbers of rule "${id}" should not end before they begin`)
    const next = ranges[index + 1]
    if (next !== undefined && next.from <= to)
      throw new Failure('http/bad-request', `The numbers of the rules "${id}" and "${next.id}" overlap`)
  }
  createRules(rules)
  return JSON.stringify(rules) === JSON.stringify(stored.rules) ? stored : { ...stored, rules }
}
