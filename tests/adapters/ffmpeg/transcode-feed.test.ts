import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REBASED_90K } from '../../../adapters/ffmpeg/transcode-args.ts'
import { isSameFeed, sizeAt, TranscodeFeed } from '../../../adapters/ffmpeg/transcode-feed.ts'
import type { FeedTracks } from '../../../adapters/ffmpeg/transcode-feed.ts'
import type { Program } from '../../../core/live/program.ts'
import { Splicer } from '../../../core/live/splicer.ts'
import { add90k, diff90k } from '../../../core/live/timestamps.ts'
import type { TsChunk } from '../../../core/live/ts-chunk.ts'
import { clip } from '../../core/live/clips.ts'
import type { ClipName } from '../../core/live/clips.ts'
import { concat } from '../../core/live/synthetic-ts.ts'
import { judge } from '../../core/live/ts-judge.ts'

/** What a relay hands out of a committed stream. */
function relayed(name: ClipName): { readonly program: Program; readonly chunks: readonly TsChunk[] } {
  const chunks: TsChunk[] = []
  let last: Program | null = null
  const splicer = new Splicer({
    now: () => 0,
    onProgram: (program) => (last = program),
    onChunk: (chunk) => chunks.push(chunk),
  })
  splicer.nextUpstream(null)
  splicer.push(clip(name))
  splicer.endUpstream()
  return { program: last ?? assert.fail('no programme'), chunks }
}

function tracksOf({ streams }: Program): FeedTracks {
  const first = (kind: 'video' | 'audio') => streams.find((stream) => stream.kind === kind) ?? null
  return { video: first('video'), audio: first('audio') }
}

/** All that FFmpeg is given of a stream, and the times of its pictures as they were. */
function feedOf(name: ClipName) {
  const { program, chunks } = relayed(name)
  const tracks = tracksOf(program)
  const marks = chunks.flatMap((chunk) => chunk.marks).filter(({ pid }) => pid === tracks.video?.pid)
  const start = marks.find(({ randomAccess }) => randomAccess)?.dts90k ?? assert.fail('no key frame')
  const feed = new TranscodeFeed(program, tracks, start)
  const bytes = concat(...chunks.map((chunk) => feed.take(chunk, 0, chunk.bytes.length)))
  return { bytes, marks, start, tracks, feed, chunks }
}

test('TranscodeFeed gives one picture and one sound of several, under tables that name no more', () => {
  const { bytes, tracks } = feedOf('h264-closed-ac3-mp2')
  const { streamTypes, order } = judge(bytes)
  assert.deepEqual([...streamTypes.keys()], [tracks.video?.pid, tracks.audio?.pid])
  assert.deepEqual(order.slice(0, 2), ['PAT', 'PMT'])
  assert.deepEqual(new Set(order), new Set(['PAT', 'PMT', String(tracks.video?.pid), String(tracks.audio?.pid)]))
})

test('TranscodeFeed moves all times so that they begin far from the wrap, and knows the way back', () => {
  const { bytes, marks, start, tracks, feed } = feedOf('mpeg2-mp2')
  const times = judge(bytes).dts.get(tracks.video?.pid ?? -1) ?? []
  assert.equal(times[0], REBASED_90K)
  assert.equal(feed.delta, diff90k(start, REBASED_90K))
  assert.deepEqual(
    times.map((time) => add90k(time, feed.delta)),
    marks.map(({ dts90k }) => dts90k),
  )
})

test('TranscodeFeed changes nothing of what others have too', () => {
  const { chunks, program } = relayed('h264-open-ac3')
  const before = chunks.map(({ bytes }) => bytes.slice())
  const feed = new TranscodeFeed(program, tracksOf(program), 0)
  for (const chunk of chunks) feed.take(chunk, 0, chunk.bytes.length)
  assert.deepEqual(
    chunks.map(({ bytes }) => bytes),
    before,
  )
})

test('TranscodeFeed leaves out the leading pictures where a decoder starts, and nowhere else', () => {
  const { program, chunks } = relayed('h264-open-ac3')
  const tracks = tracksOf(program)
  const pictures = (feed: TranscodeFeed, from: number): number =>
    judge(concat(...chunks.slice(from).map((chunk) => feed.take(chunk, 0, chunk.bytes.length)))).dts.get(
      tracks.video?.pid ?? -1,
    )?.length ?? 0
  const marks = (from: number) =>
    chunks.slice(from).flatMap((chunk) => chunk.marks.filter(({ pid }) => pid === tracks.video?.pid))
  // The relay has left out those of its own start.
  const all = new TranscodeFeed(program, tracks, 0)
  assert.equal(pictures(all, 0), marks(0).length)
  all.enter()
  const second = marks(0).filter(({ randomAccess }) => randomAccess)[1]
  const from = chunks.findIndex((chunk) => chunk.marks.some((mark) => mark === second))
  const rest = marks(from)
  const behind = rest.slice(rest.indexOf(second ?? assert.fail('one key frame alone')))
  const nextAccess = behind.findIndex(({ randomAccess }, index) => index > 0 && randomAccess)
  const led = behind.slice(0, nextAccess < 0 ? undefined : nextAccess).filter(({ leading }) => leading).length
  assert.ok(led > 0)
  const tail = chunks
    .slice(from)
    .map((chunk, index) => all.take(chunk, index === 0 ? (second?.offset ?? 0) : 0, chunk.bytes.length))
  assert.equal(judge(concat(...tail)).dts.get(tracks.video?.pid ?? -1)?.length, behind.length - led)
})

for (const name of ['h264-open-ac3', 'mpeg2-mp2', 'hevc-aac'] as const)
  test(`sizeAt() reads the size of ${name} where a key frame starts`, () => {
    const { program, chunks } = relayed(name)
    const { video } = tracksOf(program)
    const sizes = chunks.flatMap((chunk) =>
      chunk.marks
        .filter((mark) => mark.randomAccess && mark.kind === 'video')
        .map((mark) => video && sizeAt(chunk, mark, video)),
    )
    assert.ok(sizes.length >= 2)
    assert.deepEqual(new Set(sizes), new Set(['320×180']))
  })

test('isSameFeed() minds PID and codec, not language and descriptors', () => {
  const tracks = tracksOf(relayed('h264-closed-ac3-mp2').program)
  const { audio, video } = tracks
  assert.ok(audio && video)
  assert.equal(isSameFeed(tracks, { video, audio: { ...audio, language: 'eng' } }), true)
  assert.equal(isSameFeed(tracks, { video, audio: { ...audio, codec: 'mp2' } }), false)
  assert.equal(isSameFeed(tracks, { video: { ...video, pid: video.pid + 1 }, audio }), false)
  assert.equal(isSameFeed(tracks, { video, audio: null }), false)
})
