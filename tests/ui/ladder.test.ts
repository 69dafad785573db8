import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodersOf } from '../../ui/src/player/codecs.ts'
import { words } from '../../ui/src/player/words.ts'
import { ladder } from '../../ui/src/player/ladder.ts'

const all = decodersOf(() => true)
const modes = (rungs: ReturnType<typeof ladder>) => rungs.map(({ mode }) => mode)

test('ladder() tries scripts first where they may feed the decoder', () => {
  const rungs = ladder({ mediaSource: true, managedOnly: false, nativeHls: true, decoders: all })
  assert.deepEqual(modes(rungs), ['hls-instant', 'hls-standard', 'ts', 'native'])
})

test('ladder() leaves out the native player where there is none', () => {
  const rungs = ladder({ mediaSource: true, managedOnly: false, nativeHls: false, decoders: all })
  assert.deepEqual(modes(rungs), ['hls-instant', 'hls-standard', 'ts'])
})

test('ladder() leaves an iPhone to its own player', () => {
  assert.deepEqual(modes(ladder({ mediaSource: true, managedOnly: true, nativeHls: true, decoders: all })), ['native'])
})

test('ladder() plays natively where scripts may not', () => {
  assert.deepEqual(modes(ladder({ mediaSource: false, managedOnly: false, nativeHls: true, decoders: all })), [
    'native',
  ])
})

test('ladder() is empty in a browser that decodes no H.264', () => {
  const decoders = decodersOf(() => false)
  assert.deepEqual(ladder({ mediaSource: true, managedOnly: false, nativeHls: false, decoders }), [])
})

test('ladder() gives a reason for every rung', () => {
  for (const { why } of ladder({ mediaSource: true, managedOnly: false, nativeHls: true, decoders: all }))
    assert.ok(words().why[why].length > 20)
})
