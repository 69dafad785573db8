import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMedia } from '../../conformance/hls-playlist-judge.ts'
import { mediaPath, resolve } from '../../conformance/hls.ts'
import { judgeSegments, readSegment } from '../../conformance/hls-segment-judge.ts'
import { readInit } from '../../conformance/hls-fragment-judge.ts'
import { PacketAligner } from '../../../core/live/align.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import { concat, synthesize, SYNTHETIC_SERVICE } from '../../core/live/synthetic-ts.ts'
import { judge } from '../../core/live/ts-judge.ts'
import { openHlsHouse, textOf } from '../../fakes/hls-house.ts'

const TEXTS = { teletext: 0x240, subtitle: 0x241 }
const television = (seconds: number): Uint8Array =>
  synthesize({ gopLength: 24, gops: Math.ceil(seconds / 0.96), texts: TEXTS })

test('raw TS keeps teletext and DVB subtitles with their descriptors', () => {
  const chunks: Uint8Array[] = []
  const streams = new Map<number, readonly [kind: string, language: string | null, tag: number | undefined]>()
  const splicer = new Splicer({
    now: () => 0,
    onProgram(program) {
      for (const { pid, kind, language, descriptors } of program.streams)
        streams.set(pid, [kind, language, descriptors[0]])
    },
    onChunk: ({ bytes }) => void chunks.push(bytes),
  })
  splicer.nextUpstream(SYNTHETIC_SERVICE)
  splicer.push(new PacketAligner().push(television(8)))
  splicer.flush()
  assert.deepEqual(streams.get(TEXTS.teletext), ['teletext', 'deu', 0x56])
  assert.deepEqual(streams.get(TEXTS.subtitle), ['subtitle', 'deu', 0x59])
  const { dts, faults, streamTypes } = judge(concat(...chunks))
  assert.deepEqual(faults, [])
  for (const pid of Object.values(TEXTS)) {
    assert.equal(streamTypes.get(pid), 0x06)
    assert.ok((dts.get(pid)?.length ?? 0) >= 12, `${dts.get(pid)?.length} on ${pid}`)
  }
})

test('the original variant of HLS in TS has teletext and subtitles at their times', async () => {
  await using house = await openHlsHouse(television(30))
  const path = await mediaPath(house, '', '?audio=original')
  await house.get(path)
  await house.time.advance(12_000)
  const { segments, isIndependent } = readMedia(textOf(await house.get(path)))
  const fetched = await Promise.all(
    segments.map(async ({ msn, uri, seconds, discontinuity }) => ({
      msn,
      seconds,
      discontinuity,
      bytes: (await house.get(resolve(uri, path))).bytes,
    })),
  )
  assert.deepEqual(judgeSegments(fetched, { isIndependent }), [])
  for (const { bytes, msn } of fetched.slice(1)) {
    const { streamTypes, pes } = readSegment(bytes)
    for (const pid of Object.values(TEXTS)) {
      assert.equal(streamTypes.get(pid), 0x06)
      assert.ok(
        pes.some((unit) => unit.pid === pid),
        `${pid} in segment ${msn}`,
      )
    }
  }
})

test('fragments have no track for teletext and subtitles', async () => {
  await using house = await openHlsHouse(television(20))
  const path = await mediaPath(house, '', '?delivery=ll&audio=original')
  const { segments } = readMedia(textOf(await house.get(path)))
  const init = await house.get(resolve(segments[0]?.map ?? '', path))
  assert.deepEqual(
    readInit(init.bytes).tracks.map(({ entry }) => entry),
    ['avc1', 'ac-3'],
  )
})
