import assert from 'node:assert/strict'
import { test } from 'node:test'
import { itemArgs } from '../../../../adapters/playout/item/item-args.ts'
import { NO_PROPS } from '../../../../adapters/playout/item/item-intent.ts'
import type { ItemIntent } from '../../../../adapters/playout/item/item-intent.ts'
import { DEFAULT_HOUSE } from '../../../../core/linear/house-format.ts'
import { DEFAULT_LOOKS } from '../../../../core/linear/looks.ts'
import { facts, MKV, picture, sound } from '../../../clips/clip.ts'
import { ALL_TOOLS, FILM, intentOf } from './intent.ts'

/** The value behind an option; behind the last of them if there are several. */
function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.lastIndexOf(option)
  return at === -1 ? undefined : args[at + 1]
}

const graphs = (args: readonly string[]): string =>
  args.filter((_, at) => args[at - 1] === '-filter_complex').join('\n')
const withFacts = (other: Parameters<typeof facts>[2]): Partial<ItemIntent> => ({
  file: { ...FILM, facts: facts(60, MKV, other) },
})

test('itemArgs() makes the command that was measured', () => {
  assert.equal(
    itemArgs(intentOf({ inMs: 12_345 }))
      .slice(0, 12)
      .join(' ')
      .replace(/mov,\S+/, 'FORMATS'),
    '-nostdin -hide_banner -nostats -loglevel level+warning -protocol_whitelist file -format_whitelist FORMATS -ss 12.345 -reinit_filter:v',
  )
})

for (const { name, intent, has, lacks } of [
  { name: 'reads a film from the start without seeking', intent: {}, has: /fps=25:start_time=0/, lacks: /-ss / },
  {
    name: 'makes silence where there is no sound',
    intent: withFacts({ audio: [] }),
    has: /anullsrc=r=48000:cl=stereo .*\[1:a:0\]aresample/,
    lacks: /\[0:a/,
  },
  {
    name: 'shows a plain picture where there is none',
    intent: withFacts({ video: null }),
    has: /color=c=0x0e1a33:size=1280x720:rate=25 .*\[0:v:0\]loop.*\[1:a:0\]/s,
    lacks: /:V:0/,
  },
  {
    name: 'deinterlaces what is interlaced, and lets its graph be built anew',
    intent: withFacts({ video: picture({ isInterlaced: true }) }),
    has: /bwdif=mode=send_frame:deint=interlaced,fps=25/,
    lacks: /reinit_filter/,
  },
  {
    name: 'makes two pictures of a frame where the channel is fast enough',
    intent: {
      ...withFacts({ video: picture({ isInterlaced: true }) }),
      house: { ...DEFAULT_HOUSE, frameRate: 50 } as const,
    },
    has: /bwdif=mode=send_field/,
    lacks: /send_frame/,
  },
  {
    name: 'deinterlaces in a simpler way where the better one is absent',
    intent: {
      ...withFacts({ video: picture({ isInterlaced: true }) }),
      tools: { ...ALL_TOOLS, filters: new Set<string>() },
    },
    has: /\[0:V:0\]yadif=/,
    lacks: /bwdif/,
  },
  {
    name: 'widens what is anamorphic',
    intent: withFacts({ video: picture({ width: 720, height: 576, pixelAspect: { num: 16, den: 15 } }) }),
    has: /scale=960:720:in_color_matrix=auto/,
    lacks: /zscale/,
  },
  {
    name: 'stands a film upright that was turned',
    intent: withFacts({ video: picture({ width: 1920, height: 1080, rotation: 90 }) }),
    has: /scale=406:720:in_color_matrix=bt709/,
    lacks: /reinit_filter/,
  },
  {
    name: 'maps the tones of HDR',
    intent: withFacts({ video: picture({ isHdr: true }) }),
    has: /tonemap=tonemap=hable/,
    lacks: /in_color_matrix/,
  },
  {
    name: 'takes HDR as it is where it cannot be mapped',
    intent: {
      ...withFacts({ video: picture({ isHdr: true }) }),
      tools: { ...ALL_TOOLS, filters: new Set(['zscale']) },
    },
    has: /in_color_matrix/,
    lacks: /tonemap/,
  },
  {
    name: 'lets the decoder of AC-3 mix down',
    intent: withFacts({ audio: [sound({ codec: 'ac3', channels: 6 })] }),
    has: /-downmix stereo -i/,
    lacks: /5\.1/,
  },
  {
    name: 'keeps six channels in a channel that has them',
    intent: {
      ...withFacts({ audio: [sound({ codec: 'ac3', channels: 6 })] }),
      house: { ...DEFAULT_HOUSE, audioCodec: 'ac3', audioChannels: 6 } as const,
    },
    has: /channel_layouts=5\.1.*-ac 6/,
    lacks: /-downmix|aeval|-bsf:a/,
  },
  {
    name: 'gives MP2 no more than two channels',
    intent: { house: { ...DEFAULT_HOUSE, audioCodec: 'mp2', audioChannels: 6 } as const },
    has: /channel_layouts=stereo.*atrim=start_pts=481/,
    lacks: /-ac 6/,
  },
  {
    name: 'makes quiet films louder up to their peak with a limiter',
    intent: { file: { ...FILM, loudness: { integratedLufs: -30, truePeakDb: -3 } } },
    has: /volume=7\.00dB,alimiter=limit=0\.8913/,
    lacks: /loudnorm/,
  },
  {
    name: 'makes loud films softer without a limiter',
    intent: { file: { ...FILM, loudness: { integratedLufs: -14.5, truePeakDb: 0.3 } } },
    has: /volume=-8\.50dB,apad/,
    lacks: /alimiter/,
  },
  {
    name: 'makes them louder only as far as the peaks go without the limiter',
    intent: {
      file: { ...FILM, loudness: { integratedLufs: -30, truePeakDb: -3 } },
      tools: { ...ALL_TOOLS, filters: new Set<string>() },
    },
    has: /volume=2\.00dB,apad/,
    lacks: /alimiter/,
  },
  {
    name: 'leaves loudness alone where that is wished',
    intent: {
      file: { ...FILM, loudness: { integratedLufs: -30, truePeakDb: -3 } },
      looks: { ...DEFAULT_LOOKS, loudness: { targetLufs: null, peakDb: -1 } },
    },
    has: /fltp:channel_layouts=stereo,apad/,
    lacks: /volume/,
  },
  {
    name: 'has hardware encode, and everything else in software',
    intent: { encoder: { kind: 'vaapi', device: '/dev/dri/renderD128' } as const },
    has: /-vaapi_device \/dev\/dri\/renderD128 .*format=nv12,hwupload\[v\].*h264_vaapi/,
    lacks: /hwaccel/,
  },
]) {
  test(`itemArgs() ${name}`, () => {
    const line = itemArgs(intentOf(intent)).join(' ')
    assert.match(line, has)
    assert.doesNotMatch(line, lacks)
  })
}

test('itemArgs() keeps any name of a file in one argument', () => {
  for (const path of ["/m/it's: 100% [x],;=\\ 🎉.mkv", '/m/-i', '/m/a\nb.mp4']) {
    const args = itemArgs(intentOf({ file: { ...FILM, path } }))
    assert.equal(args[args.indexOf('-i') + 1], `file:${path}`)
    assert.ok(!graphs(args).includes(path))
  }
})

test('itemArgs() escapes the path of subtitles for both readings', () => {
  const props = { ...NO_PROPS, subtitles: "C:\\it's [a],b;.ass" }
  assert.match(
    graphs(itemArgs(intentOf({ props }))),
    /subtitles=filename=C\\\\:\\\\\\\\it\\\\\\'s \\\[a\\\]\\,b\\;\.ass,/,
  )
})

test('itemArgs() draws nothing over adverts if that is wished', () => {
  const logo = { path: '/x/logo', width: 64, height: 36 }
  const looks = {
    ...DEFAULT_LOOKS,
    logo: {
      file: 'logo.png',
      place: 'top-right',
      widthPercent: 9,
      marginXPercent: 4,
      marginYPercent: 5,
      opacityPercent: 75,
      timing: { kind: 'always' },
      hideDuringFiller: true,
    },
  } as const
  const of = (isFiller: boolean): string =>
    itemArgs(intentOf({ looks: { ...DEFAULT_LOOKS, logo: looks.logo }, props: { ...NO_PROPS, logo }, isFiller })).join(
      ' ',
    )
  assert.match(of(false), /overlay=x=1164:y=36/)
  assert.doesNotMatch(of(true), /overlay|\/x\/logo/)
})

test('itemArgs() takes a round of the clock more for times that would be negative', () => {
  assert.equal(valueOf(itemArgs(intentOf({ offset90k: 0 })), '-output_ts_offset'), (2 ** 33 / 90_000).toFixed(6))
})

test('itemArgs() refuses a length that is off the grid', () => {
  assert.throws(() => itemArgs(intentOf({ duration90k: 28_801 })), RangeError)
})

test('itemArgs() chooses sound by language, and fills further tracks with the first', () => {
  const audio = [
    sound({ language: 'eng' }),
    sound({ index: 1, language: 'ger', isDefault: false, title: 'Kommentar' }),
    sound({ index: 2, language: 'deu', isDefault: false }),
  ]
  const looks = { ...DEFAULT_LOOKS, languages: ['de', 'fr'], audioTracks: 2 }
  const args = itemArgs(intentOf({ ...withFacts({ audio }), looks }))
  assert.equal(graphs(args).match(/\[0:a:2\]/g)?.length, 2)
  assert.deepEqual(
    [valueOf(args, '-metadata:s:a:0'), valueOf(args, '-metadata:s:a:1')],
    ['language=deu', 'language=fra'],
  )
})
