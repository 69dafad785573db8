import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoModel } from './demo-model.ts'
import { eventsBetween, nowAndNext } from './guide.ts'
import { nastyModel } from './nasty-model.ts'

const plain = demoModel({ clips: 'tiny' }).services
const odd = nastyModel().services.filter((service) => service.guide === 'odd')
const START = 1_780_000_000

test('eventsBetween() covers a plain channel without gap or overlap', () => {
  for (const service of plain) {
    const events = eventsBetween(service, START, START + 7 * 86_400)
    for (const [index, event] of events.entries()) {
      const next = events[index + 1]
      if (next) assert.equal(event.beginSeconds + event.durationSeconds, next.beginSeconds, service.name)
    }
    assert.ok((events[0]?.beginSeconds ?? START) <= START)
  }
})

test('eventsBetween() gives the same programmes for any window', () => {
  for (const service of [...plain, ...odd]) {
    const week = eventsBetween(service, START, START + 7 * 86_400)
    const day = eventsBetween(service, START + 86_400, START + 2 * 86_400)
    for (const event of day)
      assert.ok(week.some((one) => one.id === event.id && one.beginSeconds === event.beginSeconds))
  }
})

test('nowAndNext() gives what runs and what follows', () => {
  const [service] = plain
  assert.ok(service)
  const [now, next] = nowAndNext(service, START)
  assert.ok(now && next && now.beginSeconds <= START && next.beginSeconds > START)
})

test('an odd guide has overlaps, gaps, repeats, zero and very long programmes, controls and entities', () => {
  const events = odd.flatMap((service) => eventsBetween(service, START, START + 86_400))
  const text = events.map((event) => event.title + event.short + event.long).join('')
  assert.ok(events.some((event) => event.durationSeconds === 0))
  assert.ok(events.some((event) => event.durationSeconds > 86_400))
  assert.ok(events.some((event) => event.title === ''))
  const starts = events.map((event) => event.beginSeconds)
  assert.ok(new Set(starts).size < starts.length)
  for (const code of ['\u0086', '\u0087', '\u008a', '\u001a', '\u0001', '\ue08a', '\ufffd', '&amp;', '<', '"', 'ä']) {
    assert.ok(text.includes(code), `has ${code.codePointAt(0)?.toString(16)}`)
  }
})
