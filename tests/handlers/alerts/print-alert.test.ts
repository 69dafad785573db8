import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert } from '../../../core/alerts/alert.ts'
import { describeAlert } from '../../../core/alerts/texts.ts'
import { printAlert } from '../../../handlers/alerts/print-alert.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000

const alert = (changes: Partial<Alert>): Alert => ({
  id: 'a1',
  kind: 'source-down',
  subject: 'receiver',
  name: 'Receiver',
  severity: 'critical',
  value: null,
  threshold: 0,
  code: null,
  state: 'open',
  acknowledged: null,
  count: 1,
  firstSeen: NOON,
  lastSeen: NOON,
  resolvedAt: null,
  ...changes,
})

/** The filter of the log that an alert leads to. */
const logs = (changes: Partial<Alert>) =>
  Object.fromEntries(new URLSearchParams(printAlert({ describe: describeAlert }, alert(changes), 'en').logs))

for (const { name, changes, filter } of [
  {
    name: 'a source from half an hour before',
    changes: {},
    filter: { source: 'receiver', from: '2026-11-21T11:30:00.000Z' },
  },
  {
    name: 'a channel up to half an hour behind its end',
    changes: { kind: 'error-burst', subject: 'c7', state: 'resolved', resolvedAt: NOON + HOUR },
    filter: { channel: 'c7', from: '2026-11-21T11:30:00.000Z', to: '2026-11-21T13:30:00.000Z' },
  },
  {
    name: 'the last day of what came again and again',
    changes: { firstSeen: NOON - 100 * HOUR, count: 9 },
    filter: { source: 'receiver', from: '2026-11-20T11:30:00.000Z' },
  },
  {
    name: 'a guide',
    changes: { kind: 'guide-stale', subject: 'epg' },
    filter: { source: 'epg', from: '2026-11-21T11:30:00.000Z' },
  },
  {
    name: 'work that failed',
    changes: { kind: 'job-failed', subject: 'backup/' },
    filter: { event: 'job-failed', from: '2026-11-21T11:30:00.000Z' },
  },
] satisfies readonly { name: string; changes: Partial<Alert>; filter: Record<string, string> }[])
  test(`printAlert() leads to the log of ${name}`, () => {
    assert.deepEqual(logs(changes), filter)
  })
