import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transcodeArgs, trialArgs } from '../../../adapters/ffmpeg/transcode-args.ts'
import type { TranscodeIntent } from '../../../adapters/ffmpeg/transcode-args.ts'
import type { VideoEncoder } from '../../../adapters/ffmpeg/video-encoder.ts'

const SOUND = { bitrateKbps: 128, channels: 2 } as const
const PICTURE = { height: 480, bitrateKbps: 1200 } as const

/** The value behind an option; null: it is not there. */
const valueOf = (args: readonly string[], option: string): string | null => {
  const at = args.indexOf(option)
  return at < 0 ? null : (args[at + 1] ?? null)
}
const argsFor = (encoder: VideoEncoder, intent: Partial<TranscodeIntent> = {}): readonly string[] =>
  transcodeArgs({ encoder, video: PICTURE, audio: SOUND, ...intent })

const FILTER = 'bwdif=mode=send_frame:parity=auto:deint=interlaced,scale=w=trunc(oh*dar/2)*2:h=trunc(min(480\\,ih)/2)*2'
const SOFTWARE: VideoEncoder = { kind: 'software' }

for (const { encoder, codec, ending, device = null, own } of [
  { encoder: SOFTWARE, codec: 'libx264', ending: 'format=yuv420p', own: ['-preset', 'veryfast'] },
  {
    encoder: { kind: 'vaapi', device: '/dev/dri/renderD129' },
    codec: 'h264_vaapi',
    ending: 'format=nv12,hwupload',
    device: '/dev/dri/renderD129',
    own: ['-bf', '0'],
  },
  { encoder: { kind: 'qsv' }, codec: 'h264_qsv', ending: 'format=nv12', own: ['-forced_idr', '1'] },
  { encoder: { kind: 'nvenc' }, codec: 'h264_nvenc', ending: 'format=yuv420p', own: ['-forced-idr', '1'] },
  { encoder: { kind: 'v4l2m2m' }, codec: 'h264_v4l2m2m', ending: 'format=yuv420p', own: [] },
  { encoder: { kind: 'videotoolbox' }, codec: 'h264_videotoolbox', ending: 'format=nv12', own: ['-realtime', '1'] },
] as const satisfies readonly {
  encoder: VideoEncoder
  codec: string
  ending: string
  device?: string
  own: readonly string[]
}[]) {
  test(`transcodeArgs() gives ${codec} pictures where it wants them, and the rate`, () => {
    const args = argsFor(encoder)
    assert.equal(valueOf(args, '-c:v'), codec)
    assert.equal(valueOf(args, '-vf'), `${FILTER},setsar=1,${ending}`)
    assert.deepEqual(
      ['-b:v', '-maxrate', '-bufsize'].map((option) => valueOf(args, option)),
      ['1200k', '1500k', '1800k'],
    )
    assert.equal(valueOf(args, '-vaapi_device'), device)
    assert.ok(args.join(' ').includes(own.join(' ')))
  })

  test(`trialArgs() tries ${codec} with the options that viewers will get`, () => {
    const trial = trialArgs(encoder)
    assert.equal(valueOf(trial, '-vf'), ending)
    for (const option of ['-c:v', '-force_key_frames', '-vaapi_device', '-bf', '-forced-idr', '-forced_idr'])
      assert.equal(valueOf(trial, option), valueOf(argsFor(encoder), option), option)
    assert.equal(trial.at(-1), 'pipe:1')
  })
}

test('transcodeArgs() asks for a closed GOP a second after the last one, however long the times before', () => {
  const args = argsFor(SOFTWARE)
  assert.equal(valueOf(args, '-force_key_frames'), 'expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+0.99))')
  assert.equal(valueOf(args, '-flags:v'), '+cgop')
  assert.equal(valueOf(args, '-sc_threshold'), '0')
})

test('transcodeArgs() makes AAC of the first sound and fills its holes', () => {
  const args = argsFor(SOFTWARE)
  for (const [option, value] of [
    ['-c:a', 'aac'],
    ['-b:a', '128k'],
    ['-ac', '2'],
    ['-af', 'aresample=async=1'],
  ] as const)
    assert.equal(valueOf(args, option), value)
})

test('transcodeArgs() leaves out what the programme does not have', () => {
  assert.ok(argsFor(SOFTWARE, { audio: null }).every((argument) => argument !== '-c:a' && argument !== '0:a:0'))
  const radio = argsFor({ kind: 'vaapi', device: '/dev/dri/renderD128' }, { video: null })
  assert.ok(radio.every((argument) => !['-c:v', '-vf', '0:v:0', '-vaapi_device'].includes(argument)))
})

test('transcodeArgs() reads from one pipe, writes to the other and may open nothing else', () => {
  const args = argsFor(SOFTWARE)
  assert.equal(valueOf(args, '-i'), 'pipe:0')
  assert.equal(args.at(-1), 'pipe:1')
  assert.equal(valueOf(args, '-protocol_whitelist'), 'pipe')
})

test('transcodeArgs() keeps the clock that goes in, with the PCR before what belongs to it', () => {
  const args = argsFor(SOFTWARE)
  assert.ok(args.indexOf('-copyts') < args.indexOf('-i'))
  assert.equal(valueOf(args, '-mpegts_copyts'), '1')
  assert.equal(valueOf(args, '-enc_time_base:v'), '1:90000')
  assert.ok(Number(valueOf(args, '-muxdelay')) >= 0.3)
})
