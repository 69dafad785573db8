import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createControlDesk } from '../../../core/hdhr/control-desk.ts'
import type { CarriedChannel, PushWish } from '../../../core/hdhr/control-desk.ts'

const PEER = '192.168.1.9'

function aDesk(carried: CarriedChannel | null = null) {
  const pushed: [number, PushWish | null][] = []
  const desk = createControlDesk({
    tunerCount: () => 2,
    carried: (tuner) => (tuner === 0 ? carried : null),
    scan: () => null,
    push: (tuner, wish) => void pushed.push([tuner, wish]),
  })
  const text = (name: string, value: string | null = null, lockKey = 0, peer = PEER): string => {
    const answer = desk.answer({ name, value, lockKey }, peer)
    return 'value' in answer ? answer.value : `ERROR: ${answer.error}`
  }
  return { text, pushed }
}

for (const { name, answer } of [
  { name: '/sys/model', answer: 'hdhomerun5_dvbt' },
  { name: '/sys/hwmodel', answer: 'HDHR5-4DT' },
  { name: '/tuner0/status', answer: 'ch=none lock=none ss=0 snq=0 seq=0 bps=0 pps=0' },
  { name: '/tuner1/vstatus', answer: 'vch=none name=none auth=unspecified cci=none cgms=none' },
  { name: '/tuner0/filter', answer: '0x0000-0x1fff' },
  { name: '/tuner0/lockkey', answer: 'none' },
  { name: '/tuner2/status', answer: 'ERROR: unknown getset variable' },
  { name: '/tuner0/nothing', answer: 'ERROR: unknown getset variable' },
  { name: '/tuner0/constructor', answer: 'ERROR: unknown getset variable' },
  { name: '/nope', answer: 'ERROR: unknown getset variable' },
])
  test(`a control desk answers ${name}`, () => assert.equal(aDesk().text(name), answer))

test('a control desk shows what a tuner carries', () => {
  const { text } = aDesk({ number: '5', name: 'Fünf', bitsPerSecond: 8_000_000 })
  assert.match(text('/tuner0/status'), /^ch=auto:5 lock=auto ss=100 .* bps=8000000 pps=760$/)
  assert.match(text('/tuner0/vstatus'), /^vch=5 name=Fünf /)
})

test('a control desk keeps what is set, and refuses to set what cannot be', () => {
  const { text } = aDesk()
  assert.equal(text('/tuner0/vchannel', '5'), '5')
  assert.equal(text('/tuner0/vchannel'), '5')
  assert.equal(text('/tuner1/vchannel'), 'none')
  assert.equal(text('/sys/model', 'x'), 'ERROR: unknown getset variable')
  assert.equal(text('/tuner0/status', 'x'), 'ERROR: unknown getset variable')
})

test('a lock keeps others out until it is given back or taken by force', () => {
  const { text } = aDesk()
  assert.equal(text('/tuner0/lockkey', '77', 0), PEER)
  assert.equal(text('/tuner0/vchannel', '5', 0, '192.168.1.10'), `ERROR: resource locked by ${PEER}`)
  assert.equal(text('/tuner0/lockkey', '78', 78, '192.168.1.10'), `ERROR: resource locked by ${PEER}`)
  assert.equal(text('/tuner0/vchannel', '5', 77), '5')
  assert.equal(text('/tuner0/lockkey', 'none', 77), 'none')
  assert.equal(text('/tuner0/vchannel', '6', 0, '192.168.1.10'), '6')
  text('/tuner0/lockkey', '77')
  assert.equal(text('/tuner0/lockkey', 'force', 0, '192.168.1.10'), 'none')
})

test('a target begins to send a channel, anew for another channel, and ends', () => {
  const { text, pushed } = aDesk()
  text('/tuner0/vchannel', '5')
  assert.equal(text('/tuner0/target', `rtp://${PEER}:5000`), `rtp://${PEER}:5000`)
  text('/tuner0/vchannel', '6')
  text('/tuner0/target', 'none')
  const wish = { protocol: 'rtp', host: PEER, port: 5000 }
  assert.deepEqual(pushed, [
    [0, { ...wish, number: '5' }],
    [0, { ...wish, number: '6' }],
    [0, null],
  ])
})

for (const target of [
  'rtp://192.168.1.77:5000',
  'udp://224.0.0.1:5000',
  'http://192.168.1.9:80',
  `rtp://${PEER}:0`,
  `rtp://${PEER}:70000`,
  'x',
])
  test(`a target "${target}" is refused: nothing is sent to whoever did not ask`, () => {
    const { text, pushed } = aDesk()
    assert.match(text('/tuner0/target', target), /^ERROR/)
    assert.equal(text('/tuner0/target'), 'none')
    assert.deepEqual(pushed, [])
  })
