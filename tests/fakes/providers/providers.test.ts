import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../../../runtime/load-config.ts'
import { createClipStore } from '../receiver/content.ts'
import { findFfmpeg, skipWithoutFfmpeg, testCacheDir } from '../receiver/test-setting.ts'
import { continuityErrors, readPackets } from '../receiver/ts-reader.ts'
import { readTimestamp } from '../receiver/ts-writer.ts'
import { startProviders } from './index.ts'
import { createTelevision } from './television.ts'

const skip = skipWithoutFfmpeg()
const place = { ffmpegPath: findFfmpeg() ?? 'ffmpeg', cacheDir: testCacheDir }

test('createTelevision() goes on for ever: no seam in counters, clocks and decoding times', { skip }, async () => {
  await using clips = createClipStore(place)
  const round = await createTelevision({ clips }).loop('Waldkanal')
  const packets = readPackets(round.read(0, round.bytesAt(round.durationMs) * 3))
  assert.deepEqual(continuityErrors(packets), [])
  const clocks = packets.flatMap(({ pcr }) => pcr ?? [])
  assert.ok(clocks.every((clock, index) => index === 0 || clock > (clocks[index - 1] ?? 0)))
  const pictures = packets.filter(({ isStart, payload }) => isStart && payload[2] === 1 && (payload[3] ?? 0) === 0xe0)
  const times = pictures.map(({ payload }) => readTimestamp(payload, (payload[7] ?? 0) >> 6 === 3 ? 14 : 9))
  assert.deepEqual(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0))), new Set([3600]))
})

test('startProviders() names sources that the configuration takes, and tells of forbidden calls once', async () => {
  const stopping = new AbortController()
  stopping.abort() // no pictures are wanted
  await using providers = await startProviders({ ...place, signal: stopping.signal })
  const { sources } = readConfig({ file: { sources: providers.sources }, env: {}, options: {} })
  assert.deepEqual(
    sources.map(({ kind }) => kind),
    ['xtream', 'stalker', 'm3u'],
  )
  assert.deepEqual(providers.takeForbidden(), [])
  const list = providers.sources.find(({ id }) => id === 'list')
  await fetch(String(list?.['url']), { method: 'HEAD' })
  assert.deepEqual(providers.takeForbidden(), [{ sourceId: 'list', what: 'HEAD /files/list.m3u' }])
  assert.deepEqual(providers.takeForbidden(), [])
})
