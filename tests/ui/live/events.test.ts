import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { lineByLeader } from '../../../ui/src/live/by-leader.ts'
import { createEvents, whenFresh } from '../../../ui/src/live/events.ts'
import type { LineMessage, OpenLine } from '../../../ui/src/live/line.ts'
import { createSwitchboard } from '../../../ui/src/live/switchboard.ts'

/** Lines that the test speaks on. */
function handLines() {
  const open: { hear: (message: LineMessage) => void; said: string[] }[] = []
  const openLine: OpenLine = (hear) => {
    const line = { hear, said: [] as string[] }
    open.push(line)
    return { restart: () => line.said.push('restart'), close: () => line.said.push('close') }
  }
  return { open, openLine }
}

test('createEvents() hands out events of the right shape to those who asked for their kind', () => {
  const { open, openLine } = handLines()
  const events = createEvents(openLine)
  const heard: unknown[] = []
  const forget = events.on('source', v.object({ id: v.string() }), (source) => heard.push(source))
  events.follow('anna')
  open[0]?.hear({ type: 'event', kind: 'source', data: '{"id":"e2","more":1}' })
  open[0]?.hear({ type: 'event', kind: 'source', data: '{"id":7}' })
  open[0]?.hear({ type: 'event', kind: 'source', data: 'no JSON' })
  open[0]?.hear({ type: 'event', kind: 'stream', data: '{"id":"c1"}' })
  forget()
  open[0]?.hear({ type: 'event', kind: 'source', data: '{"id":"e3"}' })
  assert.deepEqual(heard, [{ id: 'e2' }])
})

test('createEvents() calls for fresh data whenever the line comes up', () => {
  const { open, openLine } = handLines()
  const events = createEvents(openLine)
  let loads = 0
  const forget = whenFresh(events, () => (loads += 1))
  events.follow('anna')
  for (const state of ['opening', 'open', 'lost', 'open'] as const) open[0]?.hear({ type: 'state', state })
  forget()
  assert.equal(loads, 2)
})

test('createEvents() opens for somebody, starts anew for somebody else, closes for nobody', () => {
  const { open, openLine } = handLines()
  const events = createEvents(openLine)
  events.follow(null)
  assert.equal(open.length, 0)
  events.follow('anna')
  events.follow('anna')
  events.follow('bert')
  events.follow(null)
  assert.deepEqual(open[0]?.said, ['restart', 'close'])
  assert.equal(events.state.value, 'off')
})

test('createSwitchboard() opens one line for all, and closes it after the last', () => {
  const { open, openLine } = handLines()
  const switchboard = createSwitchboard(openLine)
  const heard: string[] = []
  const a = switchboard.join((message) => heard.push(`a ${message.type}`))
  open[0]?.hear({ type: 'state', state: 'open' })
  const b = switchboard.join((message) => heard.push(`b ${message.type === 'state' ? message.state : ''}`))
  a.leave()
  a.leave()
  open[0]?.hear({ type: 'event', kind: 'lineup', data: '1' })
  assert.deepEqual(open[0]?.said, [])
  b.leave()
  assert.deepEqual(open[0]?.said, ['close'])
  assert.equal(open.length, 1)
  assert.deepEqual(heard, ['a state', 'b open', 'b '])
})

test('lineByLeader() lets one tab hold the line, and another take over', async () => {
  const { open, openLine } = handLines()
  const channels: { hear: (data: unknown) => void; closed: boolean }[] = []
  const queue: (() => void)[] = []
  let held = false
  const election = {
    locks: {
      request: async (_name: string, _options: unknown, work: () => Promise<void>) => {
        if (held) await new Promise<void>((resolve) => queue.push(resolve))
        held = true
        await work()
        held = false
        queue.shift()?.()
      },
    } as unknown as LockManager,
    channel: () => {
      const own = { hear: (_data: unknown): void => undefined, closed: false }
      channels.push(own)
      return {
        postMessage: (data: unknown) => {
          for (const other of channels) if (other !== own && !other.closed) other.hear(data)
        },
        addEventListener: (_kind: string, listener: (event: { data: unknown }) => void) => {
          own.hear = (data) => listener({ data })
        },
        close: () => {
          own.closed = true
        },
      } as unknown as BroadcastChannel
    },
  }
  const heard: LineMessage[] = []
  const leader = lineByLeader(election, openLine)(() => undefined)
  const follower = lineByLeader(election, openLine)((message) => heard.push(message))
  assert.equal(open.length, 1)
  open[0]?.hear({ type: 'event', kind: 'lineup', data: '1' })
  follower.restart()
  assert.deepEqual(open[0]?.said, ['restart'])
  assert.deepEqual(heard.at(-1), { type: 'event', kind: 'lineup', data: '1' })
  leader.close()
  await new Promise((resolve) => setTimeout(resolve))
  assert.equal(open.length, 2)
  assert.deepEqual(open[0]?.said, ['restart', 'close'])
  follower.close()
})
