import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeVariants, readVariant, variantProgram } from '../../../adapters/lan/hls-variants.ts'
import type { AudioChoice, MadeRate } from '../../../adapters/lan/hls-variants.ts'
import { writeMultivariant } from '../../../core/live/hls-playlist.ts'
import type { Codec, ElementaryStream, Program } from '../../../core/live/program.ts'
import { judgeMultivariant, readMultivariant } from '../../conformance/hls-playlist-judge.ts'

const TYPES: Readonly<Partial<Record<Codec, number>>> = { h264: 0x1b, hevc: 0x24, mpeg2video: 2, aac: 0x0f, mp2: 3 }
const VIDEO = 0x100
const FACTS = { codec: 'avc1.64001f', width: 1280, height: 720, frameRate: 50 }

/** A programme with a picture and these tracks, `codec` or `codec/language`; PIDs count from 0x101. */
function programOf(...tracks: readonly string[]): Program {
  const stream = (kind: 'video' | 'audio', codec: Codec, pid: number, language: string | null): ElementaryStream => {
    return { pid, kind, codec, streamType: TYPES[codec] ?? 6, language, descriptors: new Uint8Array(0) }
  }
  const audio = tracks.map((track, index) => {
    const [codec = '', language = null] = track.split('/')
    return stream('audio', codec as Codec, VIDEO + 1 + index, language)
  })
  const streams = [stream('video', 'h264', VIDEO, null), ...audio]
  return { programNumber: 1, version: 0, pmtPid: 0x1000, pcrPid: VIDEO, streams }
}

type Description = {
  readonly choice?: AudioChoice | null
  readonly canAac?: boolean
  readonly facts?: typeof FACTS | null
  readonly made?: MadeRate | null
  readonly isFragmented?: boolean
  readonly channels?: number | null
}

function write(
  program: Program,
  { choice = null, canAac = true, facts = FACTS, made = null, isFragmented = false, channels = null }: Description = {},
) {
  const described = describeVariants({
    program,
    facts,
    pieces: [],
    made,
    canAac,
    isFragmented,
    choice,
    madeChannels: 2,
    channelsOf: () => channels,
    uri: (variant) => `../hls/c1/session/viewer/standard/${variant}/v0.m3u8`,
  })
  const text = writeMultivariant({ ...described, startsAtFirst: false })
  assert.deepEqual(judgeMultivariant(text), [])
  return text
}

const describe = (program: Program, description?: Description) => readMultivariant(write(program, description))

const nameOf = (uri: string): string => uri.split('/').at(-2) ?? ''
const summary = (variants: ReturnType<typeof describe>) =>
  variants.map(({ uri, codecs, audio }) => [
    nameOf(uri),
    codecs.join(),
    ...audio.map(
      (track) => `${track.name}${track.isDefault ? '*' : ''}${track.uri === null ? '' : `→${nameOf(track.uri)}`}`,
    ),
  ])

for (const { name, tracks, options, expected } of [
  {
    name: 'MP2 alone becomes AAC',
    tracks: ['mp2/deu'],
    expected: [['aac', 'avc1.64001f,mp4a.40.2', 'German*']],
  },
  {
    name: 'AAC alone stays what it is',
    tracks: ['aac/eng'],
    expected: [['aac', 'avc1.64001f,mp4a.40.2', 'English*']],
  },
  {
    name: 'AC-3 is there as AAC first, and as sent in a group of its own',
    tracks: ['ac3/deu'],
    expected: [
      ['aac', 'avc1.64001f,mp4a.40.2', 'German*'],
      ['dolby', 'avc1.64001f,ac-3', 'German*'],
    ],
  },
  {
    name: 'E-AC-3 as well',
    tracks: ['eac3/fra'],
    expected: [
      ['aac', 'avc1.64001f,mp4a.40.2', 'French*'],
      ['dolby', 'avc1.64001f,ec-3', 'French*'],
    ],
  },
  {
    name: 'the same language in two codecs is one choice, another language is a rendition',
    tracks: ['ac3/deu', 'mp2/deu', 'mp2/eng'],
    expected: [
      ['aac', 'avc1.64001f,mp4a.40.2', 'German*', 'English→aac259'],
      ['dolby', 'avc1.64001f,ac-3', 'German*'],
    ],
  },
  {
    name: 'in fragments the picture is alone where there is something to choose',
    tracks: ['ac3/deu', 'mp2/eng', 'ac3/eng'],
    options: { isFragmented: true },
    expected: [
      ['video', 'avc1.64001f,mp4a.40.2', 'German*→aac257', 'English→aac258'],
      ['video', 'avc1.64001f,ac-3', 'German*→dolby257', 'English→dolby259'],
    ],
  },
  {
    name: 'two tracks of a language in one codec are two choices, in another codec they are the same two',
    tracks: ['mp2/deu', 'mp2/deu', 'ac3/deu', 'ac3/deu'],
    expected: [
      ['aac', 'avc1.64001f,mp4a.40.2', 'German*', 'German 2→aac258'],
      ['dolby', 'avc1.64001f,ac-3', 'German*'],
    ],
  },
  {
    name: 'the original language is named so',
    tracks: ['mp2/deu', 'mp2/qaa'],
    expected: [['aac', 'avc1.64001f,mp4a.40.2', 'German*', 'Original→aac258']],
  },
  {
    name: 'in fragments one language is muxed as in TS',
    tracks: ['ac3/deu', 'mp2/deu'],
    options: { isFragmented: true },
    expected: [
      ['aac', 'avc1.64001f,mp4a.40.2', 'German*'],
      ['dolby', 'avc1.64001f,ac-3', 'German*'],
    ],
  },
  {
    name: 'AAC is the default even when it is not first',
    tracks: ['mp2/deu', 'aac/deu'],
    expected: [['aac', 'avc1.64001f,mp4a.40.2', 'German*']],
  },
  {
    name: 'no sound at all is no fault',
    tracks: [],
    expected: [['original', 'avc1.64001f']],
  },
  {
    name: 'without FFmpeg all sound is sent as it is',
    tracks: ['ac3/deu', 'mp2/eng'],
    options: { canAac: false },
    expected: [['original', 'avc1.64001f,ac-3,mp4a.40.34']],
  },
  {
    name: 'audio=original is one variant with all sound as sent',
    tracks: ['ac3/deu', 'mp2/eng'],
    options: { choice: 'original' },
    expected: [['original', 'avc1.64001f,ac-3,mp4a.40.34']],
  },
  {
    name: 'audio=aac is one variant with the default track as AAC',
    tracks: ['ac3/deu', 'mp2/eng'],
    options: { choice: 'aac' },
    expected: [['aac', 'avc1.64001f,mp4a.40.2']],
  },
] satisfies readonly {
  name: string
  tracks: string[]
  options?: Parameters<typeof describe>[1]
  expected: string[][]
}[])
  test(`describeVariants(): ${name}`, () => {
    assert.deepEqual(summary(describe(programOf(...tracks), options)), expected)
  })

for (const tracks of [
  ['mp2', 'mp2', 'mp2'],
  ['mp2/deu', 'mp2/mis', 'mp2/qaa', 'mp2/mul'],
  ['mp2/ger', 'mp2/deu'],
  ['ac3/deu', 'ac3/mis', 'mp2/qks'],
  ['mp2/deu', 'mp2/zzz', 'mp2/und'],
])
  test(`describeVariants() tells tracks apart by name: ${tracks.join(', ')}`, () => {
    const [main] = describe(programOf(...tracks))
    const names = main?.audio.map(({ name }) => name) ?? []
    assert.equal(new Set(names).size, names.length, names.join())
  })

test('describeVariants() names languages as players know them', () => {
  const [main] = describe(programOf('mp2/ger', 'mp2/fre', 'mp2/dut', 'mp2/cze', 'mp2/qaa'))
  assert.deepEqual(
    main?.audio.map(({ language }) => language),
    ['de', 'fr', 'nl', 'cs', null],
  )
})

test('describeVariants() says for whom a track is, and how many channels it has', () => {
  const plain = programOf('ac3/deu', 'ac3/deu')
  const streams = plain.streams.map((stream) =>
    stream.pid === VIDEO + 2 ? { ...stream, descriptors: Uint8Array.of(0x0a, 4, 0x64, 0x65, 0x75, 3) } : stream,
  )
  const lines = write({ ...plain, streams }, { channels: 6 }).split('\n')
  const told = (group: string): readonly (string | undefined)[] =>
    lines
      .filter((line) => line.includes(`GROUP-ID="${group}"`))
      .map((line) => /NAME="([^"]*)".*?,(CHANNELS.*?)(,URI|$)/.exec(line)?.slice(1, 3).join(' '))
  assert.deepEqual(told('aac'), [
    'German CHANNELS="2"',
    'German (audio description) CHANNELS="2",CHARACTERISTICS="public.accessibility.describes-video"',
  ])
  assert.deepEqual(told('dolby'), ['German CHANNELS="6"'])
})

test('describeVariants() says what the picture is', () => {
  const [main] = describe(programOf('aac/deu'))
  assert.deepEqual([main?.resolution, main?.frameRate], ['1280x720', 50])
})

test('describeVariants() describes radio by its sound alone', () => {
  const program = programOf('mp2/deu')
  const radio = { ...program, pcrPid: VIDEO + 1, streams: program.streams.slice(1) }
  const [main] = describe(radio, { facts: null })
  assert.deepEqual([main?.codecs, main?.resolution, main?.frameRate], [['mp4a.40.2'], null, null])
})

test('readVariant() knows no other names', () => {
  for (const name of ['', 'AAC', 'aac ', 'aac-1', 'aac99999', 'original2', '../aac', 'aacx'])
    assert.equal(readVariant(name), null, name)
})

for (const { variant, tracks, expected } of [
  {
    variant: 'aac',
    tracks: ['ac3/deu', 'mp2/eng'],
    expected: [
      [VIDEO, 'h264', 0x1b],
      [VIDEO + 1, 'aac', 0x0f],
    ],
  },
  {
    variant: 'dolby',
    tracks: ['mp2/deu', 'ac3/eng'],
    expected: [
      [VIDEO, 'h264', 0x1b],
      [VIDEO + 2, 'ac3', 6],
    ],
  },
  { variant: 'aac258', tracks: ['ac3/deu', 'mp2/eng'], expected: [[VIDEO + 2, 'aac', 0x0f]] },
  {
    variant: 'original',
    tracks: ['ac3/deu', 'mp2/eng'],
    expected: [
      [VIDEO, 'h264', 0x1b],
      [VIDEO + 1, 'ac3', 6],
      [VIDEO + 2, 'mp2', 3],
    ],
  },
])
  test(`variantProgram() announces what is in "${variant}"`, () => {
    const content = readVariant(variant)
    assert.ok(content)
    const { streams, pcrPid } = variantProgram(programOf(...tracks), content)
    assert.deepEqual(
      streams.map(({ pid, codec, streamType }) => [pid, codec, streamType]),
      expected,
    )
    assert.equal(pcrPid, expected[0]?.[0], 'the clock is on a stream that is in it')
  })

test('variantProgram() keeps the language of a track that is made into AAC', () => {
  const content = readVariant('aac')
  assert.ok(content)
  const made = variantProgram(programOf('ac3/deu'), content).streams[1]
  assert.equal(made?.language, 'deu')
  // ISO_639_language_descriptor: tag 10, four bytes, the code, audio_type 0.
  assert.deepEqual([...(made?.descriptors ?? [])], [0x0a, 4, 0x64, 0x65, 0x75, 0])
})

test('describeVariants() names the rates that a channel is made with before any of it was measured', () => {
  const rates = { averageKbps: 1328, peakKbps: 1628 }
  const [variant, ...others] = describe(programOf('aac/deu'), { choice: 'aac', made: rates })
  assert.deepEqual(others, [])
  assert.equal(variant?.averageBandwidth, 1_328_000)
  assert.equal(variant?.bandwidth, Math.ceil(1_628_000 * 1.1))
})
