import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logJudge } from '../../../core/logs/log-filter.ts'
import type { LogFilter } from '../../../core/logs/log-filter.ts'

const line = {
  id: 1,
  at: 1000,
  level: 'warn' as const,
  event: 'relay-opened',
  facts: JSON.stringify({ channelId: 'c7', sourceId: 'dream', user: 'Anna "A"', detail: 'Kanäle (3) C:\\x' }),
}

for (const { name, filter, suits } of [
  { name: 'everything by nothing', filter: {}, suits: true },
  { name: 'its own level', filter: { level: 'warn' }, suits: true },
  { name: 'what is less severe than asked for', filter: { level: 'error' }, suits: false },
  { name: 'an event by its name', filter: { event: 'relay-opened' }, suits: true },
  { name: 'an event by its beginning', filter: { event: 'relay-*' }, suits: true },
  { name: 'an event by half a name', filter: { event: 'relay' }, suits: false },
  { name: 'a channel', filter: { channel: 'c7' }, suits: true },
  { name: 'a channel whose id begins the same', filter: { channel: 'c' }, suits: false },
  { name: 'a source', filter: { source: 'dream' }, suits: true },
  { name: 'a person with quotes in the name', filter: { person: 'Anna "A"' }, suits: true },
  { name: 'somebody else', filter: { person: 'Anna' }, suits: false },
  { name: 'a text in any case, read as it stands', filter: { text: 'kanÄle (3)' }, suits: true },
  { name: 'a text with what JSON escapes', filter: { text: 'c:\\x' }, suits: true },
  { name: 'a text of the event', filter: { text: 'OPENED' }, suits: true },
  { name: 'a text that is not there', filter: { text: 'Kan.le' }, suits: false },
  { name: 'an instant on its first millisecond', filter: { from: 1000, to: 1001 }, suits: true },
  { name: 'an instant on its last', filter: { to: 1000 }, suits: false },
  { name: 'all of it together', filter: { level: 'info', channel: 'c7', source: 'other' }, suits: false },
] satisfies { name: string; filter: LogFilter; suits: boolean }[]) {
  test(`logJudge() judges ${name}`, () => assert.equal(logJudge(filter)(line), suits))
}
