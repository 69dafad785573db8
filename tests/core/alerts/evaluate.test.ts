import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { conditionsOf } from '../../../core/alerts/conditions.ts'
import { evaluate, MOST_ALERTS, stateOf } from '../../../core/alerts/evaluate.ts'
import type { AlertState } from '../../../core/alerts/evaluate.ts'
import type { HouseFacts } from '../../../core/alerts/facts.ts'
import { RULE_KINDS, rulesWith } from '../../../core/alerts/rule.ts'
import type { RuleKind } from '../../../core/alerts/rule.ts'
import { channelId, channelKey } from '../../../core/lineup/channel.ts'
import { Failure } from '../../../core/errors.ts'
import { anAlert, someFacts, T0 } from './samples.ts'

const GIB = 1024 ** 3
const DOWN = someFacts({ sources: [{ id: 'box', name: 'Box', problem: 'source/unreachable', slots: null }] })
const WELL = someFacts({ sources: [{ id: 'box', name: 'Box', problem: null, slots: null }] })

/** A house that is looked at by the rules as they are by default. */
function watched(changes: Parameters<typeof rulesWith>[0] = {}) {
  let state: AlertState = stateOf([])
  let last = 0
  return (facts: HouseFacts, seconds: number) => {
    const next = evaluate(state, {
      rules: rulesWith(changes),
      facts,
      now: T0 + seconds * 1000,
      newId: () => `a${(last += 1)}`,
    })
    state = next
    return next
  }
}

test('something becomes an alert when it has held for so long, and not before', () => {
  const look = watched()
  assert.deepEqual(look(DOWN, 0).alerts, [])
  assert.deepEqual(look(DOWN, 299).opened, [])
  assert.deepEqual(look(DOWN, 300).opened, [anAlert({ firstSeen: T0 + 300_000, lastSeen: T0 + 300_000 })])
  assert.deepEqual(look(DOWN, 310).opened, [], 'it is told once')
  assert.equal(look(DOWN, 320).alerts[0]?.lastSeen, T0 + 320_000)
})

test('what was right in between has to hold anew', () => {
  const look = watched()
  look(DOWN, 0)
  look(WELL, 200)
  look(DOWN, 210)
  assert.deepEqual(look(DOWN, 400).opened, [])
  assert.equal(look(DOWN, 510).opened.length, 1)
})

test('an alert is over when it was right for a minute, and the same one when it comes back within a day', () => {
  const look = watched()
  look(DOWN, 0)
  look(DOWN, 300)
  assert.deepEqual(look(WELL, 310).resolved, [])
  const [over] = look(WELL, 370).resolved
  assert.deepEqual([over?.id, over?.state, over?.resolvedAt], ['a1', 'resolved', T0 + 370_000])
  look(DOWN, 400)
  const [again] = look(DOWN, 700).opened
  assert.deepEqual([again?.id, again?.count, again?.firstSeen, again?.resolvedAt], ['a1', 2, T0 + 300_000, null])
  look(WELL, 800)
  look(WELL, 900)
  look(DOWN, 100_000)
  const [other] = look(DOWN, 100_300).opened
  assert.deepEqual([other?.id, other?.count], ['a2', 1])
})

test('a rule that is switched off ends its alerts and makes none', () => {
  const before = stateOf([anAlert()])
  const rules = rulesWith({ 'source-down': { enabled: false } })
  const { alerts, resolved } = evaluate(before, { rules, facts: DOWN, now: T0 + 1000, newId: () => 'a9' })
  assert.deepEqual([alerts.length, resolved[0]?.state], [1, 'resolved'])
})

test('what is open stays, and the oldest that is over goes first', () => {
  const many = Array.from({ length: MOST_ALERTS + 5 }, (_, index) =>
    anAlert({ id: `a${index}`, subject: `box${index}`, state: 'resolved', resolvedAt: T0 }),
  )
  const kept = [...many, anAlert({ id: 'old', subject: 'box' })]
  const { alerts } = evaluate(stateOf(kept), { rules: rulesWith({}), facts: DOWN, now: T0, newId: () => 'x' })
  assert.equal(alerts.length, MOST_ALERTS)
  assert.equal(alerts.at(-1)?.id, 'old')
})

const failing = { kind: 'source-refresh', subject: 'box', name: 'Box', state: 'failed' } as const
const problem = new Failure('source/timeout', 'It takes too long')
const CHANNEL = { channelId: channelId(channelKey(1)), name: 'One', code: 'live/no-signal' } as const
const CASES: readonly {
  kind: RuleKind
  wrong: Partial<HouseFacts>
  right: Partial<HouseFacts>
  value: number | null
}[] = [
  {
    kind: 'slots-exhausted',
    wrong: { sources: [{ id: 'box', name: 'Box', problem: null, slots: { total: 2, used: 2 } }] },
    right: { sources: [{ id: 'box', name: 'Box', problem: null, slots: { total: 2, used: 1 } }] },
    value: 100,
  },
  {
    kind: 'guide-stale',
    wrong: { guides: [{ id: 'eu', name: 'EU', freshAt: T0 - 40 * 3_600_000, problem: null }] },
    right: { guides: [{ id: 'eu', name: 'EU', freshAt: null, problem: null }] },
    value: 40,
  },
  {
    kind: 'error-burst',
    wrong: { channels: [{ id: 'c1', name: 'One', errorsPerMinute: 500, decoderErrorsPerMinute: 0 }] },
    right: { channels: [{ id: 'c1', name: 'One', errorsPerMinute: 120, decoderErrorsPerMinute: 500 }] },
    value: 500,
  },
  {
    kind: 'decoder-errors',
    wrong: { channels: [{ id: 'c1', name: 'One', errorsPerMinute: 0, decoderErrorsPerMinute: 31 }] },
    right: { channels: [{ id: 'c1', name: 'One', errorsPerMinute: 500, decoderErrorsPerMinute: 30 }] },
    value: 31,
  },
  {
    kind: 'channel-failed',
    wrong: {
      failures: [
        { ...CHANNEL, at: T0 },
        { ...CHANNEL, at: T0 + 1 },
      ],
    },
    right: { failures: [{ ...CHANNEL, at: T0 }] },
    value: 2,
  },
  { kind: 'disk-low', wrong: { diskFreeBytes: GIB }, right: { diskFreeBytes: 2 * GIB }, value: 1 },
  {
    kind: 'job-failed',
    wrong: {
      jobs: [
        { ...failing, problem },
        { ...failing, problem },
        { ...failing, problem },
      ],
    },
    right: {
      jobs: [
        { ...failing, problem },
        { ...failing, state: 'done', problem: null },
        { ...failing, problem },
        { ...failing, problem },
      ],
    },
    value: 3,
  },
  {
    kind: 'front-away',
    wrong: { fronts: [{ name: 'tv.example.org', problem: 'source/unreachable' }] },
    right: { fronts: [{ name: 'tv.example.org', problem: null }] },
    value: null,
  },
]

for (const { kind, wrong, right, value } of CASES) {
  test(`conditionsOf() finds ${kind}, and nothing where all is well`, () => {
    const rule = rulesWith({}).find((one) => one.kind === kind)
    assert.ok(rule !== undefined)
    assert.deepEqual(
      conditionsOf(rule, someFacts(wrong), T0).map((found) => found.value),
      [value],
    )
    assert.deepEqual(conditionsOf(rule, someFacts(right), T0), [])
  })
}

test('evaluate() opens an alert only where its condition holds, and never two for one thing', () => {
  const looks = fc.array(fc.record({ down: fc.boolean(), passed: fc.integer({ min: 1, max: 400 }) }), { maxLength: 40 })
  fc.assert(
    fc.property(looks, (steps) => {
      const look = watched()
      let seconds = 0
      for (const { down, passed } of steps) {
        seconds += passed
        const { alerts, opened } = look(down ? DOWN : WELL, seconds)
        assert.ok(down || opened.length === 0)
        assert.ok(alerts.filter(({ state }) => state === 'open').length <= 1)
        assert.equal(new Set(alerts.map(({ id }) => id)).size, alerts.length)
      }
    }),
  )
})

test('rulesWith() keeps the order of kinds, and of a change what it says', () => {
  const rules = rulesWith({ 'disk-low': { threshold: 9 } })
  assert.deepEqual(
    rules.map(({ kind }) => kind),
    RULE_KINDS,
  )
  const [low] = rules.filter(({ kind }) => kind === 'disk-low')
  assert.deepEqual(low, { kind: 'disk-low', enabled: true, severity: 'critical', threshold: 9, holdSeconds: 60 })
})
