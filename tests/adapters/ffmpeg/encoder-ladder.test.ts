import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createEncoderLadder } from '../../../adapters/ffmpeg/encoder-ladder.ts'
import type { EncoderLadder, HardwareChoice } from '../../../adapters/ffmpeg/encoder-ladder.ts'
import { tryEncoder } from '../../../adapters/ffmpeg/encoder-trial.ts'
import { encoderTitle } from '../../../adapters/ffmpeg/video-encoder.ts'
import { makeFakeFfmpeg } from '../../fakes/fake-ffmpeg.ts'
import type { FakeHardware } from '../../fakes/fake-ffmpeg.ts'
import { requireProgram } from '../../require-program.ts'
import { textsOf } from '../../fakes/notice-texts.ts'

const NODES = ['/dev/dri/renderD128', '/dev/dri/renderD129']
const ALL = ['aac', 'libx264', 'h264_vaapi', 'h264_qsv', 'h264_nvenc', 'h264_v4l2m2m', 'h264_videotoolbox']
const MINUTE = 60_000

type Bench = AsyncDisposable & { readonly ladder: EncoderLadder; readonly clock: { now: number } }

async function open(
  t: TestContext,
  hardware: Readonly<Record<string, FakeHardware>>,
  options: { choice?: HardwareChoice; encoders?: readonly string[] } = {},
): Promise<Bench | null> {
  const real = requireProgram(t, 'ffmpeg')
  if (real === null) return null
  const fake = makeFakeFfmpeg(real, hardware)
  const clock = { now: 1_000_000 }
  const ladder = createEncoderLadder({
    ffmpeg: { path: fake.path, encoders: new Set(options.encoders ?? ALL) },
    hardware: options.choice ?? 'auto',
    log: () => {},
    now: () => clock.now,
    devices: () => Promise.resolve(NODES),
  })
  await ladder.ready
  return {
    ladder,
    clock,
    async [Symbol.asyncDispose]() {
      await ladder[Symbol.asyncDispose]()
      fake[Symbol.dispose]()
    },
  }
}

const title = (ladder: EncoderLadder): string | null => {
  const encoder = ladder.current()
  return encoder === null ? null : encoderTitle(encoder)
}

for (const { name, hardware, choice = 'auto', encoders = ALL, expected, notice } of [
  { name: 'claims that are not true', hardware: {}, expected: 'software (x264)', notice: null },
  {
    name: 'a second card that works',
    hardware: { 'h264_vaapi@/dev/dri/renderD128': 'fails', 'h264_vaapi@/dev/dri/renderD129': 'works' },
    expected: 'VAAPI (/dev/dri/renderD129)',
    notice: /converted by VAAPI \(\/dev\/dri\/renderD129\)/,
  },
  {
    name: 'several kinds, of which the first in the order is broken',
    hardware: { h264_nvenc: 'fails', h264_qsv: 'works', h264_v4l2m2m: 'works' },
    expected: 'Quick Sync (QSV)',
    notice: /Quick Sync/,
  },
  {
    name: 'hardware that knows no key frames on demand',
    hardware: { h264_v4l2m2m: 'no-keys' },
    expected: 'software (x264)',
    notice: null,
  },
  {
    name: 'the owner who wants none',
    hardware: { h264_nvenc: 'works' },
    choice: 'none',
    expected: 'software (x264)',
    notice: null,
  },
  {
    name: 'the owner who wants one that does not work',
    hardware: { h264_nvenc: 'works', h264_qsv: 'fails' },
    choice: 'qsv',
    expected: 'software (x264)',
    notice: /transcode.hardware is "qsv", but it does not work/,
  },
  {
    name: 'a build without x264',
    hardware: {},
    encoders: ['aac', 'h264_nvenc'],
    expected: null,
    notice: /no encoder for H.264/,
  },
] as const satisfies readonly {
  name: string
  hardware: Readonly<Record<string, FakeHardware>>
  choice?: HardwareChoice
  encoders?: readonly string[]
  expected: string | null
  notice: RegExp | null
}[])
  test(`createEncoderLadder() with ${name} uses ${expected ?? 'nothing'}`, async (t) => {
    await using bench = await open(t, hardware, { choice, encoders })
    if (bench === null) return
    assert.equal(title(bench.ladder), expected)
    const notices = textsOf(bench.ladder.notices())
    if (notice === null) assert.deepEqual(notices, [])
    else assert.match(notices.join(), notice)
  })

test('createEncoderLadder() sets hardware that fails aside for 1 minute, then for 10, and forgives what works long', async (t) => {
  await using bench = await open(t, { h264_nvenc: 'works' })
  if (bench === null) return
  const { ladder, clock } = bench
  const nvenc = { kind: 'nvenc' } as const
  ladder.failed(nvenc, 'device lost')
  assert.equal(title(ladder), 'software (x264)')
  assert.match(textsOf(ladder.notices()).join(), /NVENC failed \(device lost\): pictures are converted in software/)
  clock.now += MINUTE
  assert.equal(title(ladder), 'NVENC')
  ladder.failed(nvenc, 'device lost')
  clock.now += 9 * MINUTE
  assert.equal(title(ladder), 'software (x264)')
  clock.now += MINUTE
  ladder.worked(nvenc, 10 * MINUTE)
  ladder.failed(nvenc, 'device lost')
  clock.now += MINUTE
  assert.equal(title(ladder), 'NVENC')
})

test('createEncoderLadder() leaves software where it is when it fails', async (t) => {
  await using bench = await open(t, {})
  if (bench === null) return
  bench.ladder.failed({ kind: 'software' }, 'killed')
  assert.equal(title(bench.ladder), 'software (x264)')
})

test('createEncoderLadder() ends the trials when the program stops', async (t) => {
  const real = requireProgram(t, 'ffmpeg')
  if (real === null) return
  using fake = makeFakeFfmpeg(real, { h264_nvenc: 'hangs' })
  const ladder = createEncoderLadder({
    ffmpeg: { path: fake.path, encoders: new Set(ALL) },
    hardware: 'nvenc',
    log: () => {},
    now: () => 0,
  })
  await ladder[Symbol.asyncDispose]()
  assert.equal(title(ladder), 'software (x264)')
})

test('tryEncoder() says why an encoder does not work', async (t) => {
  const real = requireProgram(t, 'ffmpeg')
  if (real === null) return
  using fake = makeFakeFfmpeg(real, { h264_nvenc: 'fails', h264_v4l2m2m: 'no-keys', h264_qsv: 'works' })
  const { signal } = new AbortController()
  assert.equal(await tryEncoder(fake.path, { kind: 'qsv' }, signal), null)
  assert.equal(await tryEncoder(fake.path, { kind: 'software' }, signal), null)
  assert.match(String(await tryEncoder(fake.path, { kind: 'nvenc' }, signal)), /No device available/)
  assert.match(String(await tryEncoder(fake.path, { kind: 'v4l2m2m' }, signal)), /1 key frames in 2 s/)
  assert.match(String(await tryEncoder('/nowhere/ffmpeg', { kind: 'software' }, signal)), /ENOENT/)
})
