import assert from 'node:assert/strict'
import { test } from 'node:test'
import { audioSidecarArgs } from '../../../adapters/ffmpeg/args.ts'

/** The value behind an option; null: it is not there. */
const valueOf = (args: readonly string[], option: string): string | null => {
  const at = args.indexOf(option)
  return at < 0 ? null : (args[at + 1] ?? null)
}

test('audioSidecarArgs() asks for the bit rate and the channels that are wanted', () => {
  const args = audioSidecarArgs({ bitrateKbps: 160, channels: 2 })
  assert.equal(valueOf(args, '-b:a'), '160k')
  assert.equal(valueOf(args, '-ac'), '2')
  assert.equal(valueOf(args, '-c:a'), 'aac')
})

test('audioSidecarArgs() reads from one pipe, writes to the other and may open nothing else', () => {
  const args = audioSidecarArgs({ bitrateKbps: 192, channels: 6 })
  assert.equal(valueOf(args, '-i'), 'pipe:0')
  assert.equal(args.at(-1), 'pipe:1')
  assert.equal(valueOf(args, '-protocol_whitelist'), 'pipe')
  assert.deepEqual(
    args.filter((argument) => /:\/\//.test(argument)),
    [],
  )
})

test('audioSidecarArgs() neither waits for more input than it needs nor holds back what is ready', () => {
  const args = audioSidecarArgs({ bitrateKbps: 192, channels: 2 })
  assert.ok(Number(valueOf(args, '-analyzeduration')) <= 500_000)
  assert.ok(args.indexOf('-analyzeduration') < args.indexOf('-i'), 'belongs to the input')
  for (const [option, value] of [
    ['-pes_payload_size', '0'],
    ['-flush_packets', '1'],
    ['-muxdelay', '0'],
    ['-muxpreload', '0'],
  ] as const)
    assert.equal(valueOf(args, option), value)
  // Each costs a key frame or a B picture (`hls-ffmpeg.md` §5).
  for (const harmful of ['nobuffer', 'discardcorrupt', 'igndts', 'genpts'])
    assert.ok(args.every((argument) => !argument.includes(harmful)))
})
