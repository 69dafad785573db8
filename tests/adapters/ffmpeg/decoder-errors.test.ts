import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decoderErrorCounter } from '../../../adapters/ffmpeg/decoder-errors.ts'

test('decoderErrorCounter() counts what FFmpeg says of broken frames, repeated lines by their number', () => {
  const count = decoderErrorCounter()
  const lines: readonly (readonly [line: string, errors: number])[] = [
    ['[h264 @ 0x55d0] [error] error while decoding MB 12 7, bytestream -5', 1],
    ['    Last message repeated 14 times', 14],
    ['[mpegts @ 0x55d1] [warning] Packet corrupt (stream = 0, dts = 891000).', 1],
    ['[warning] Guessed Channel Layout for Input Stream #0.0 : stereo', 0],
    ['    Last message repeated 3 times', 0],
    ['[ac3 @ 0x55d2] [error] frame sync error', 1],
    ['[fatal] Unrecognized option "x"', 0],
    ['', 0],
  ]
  for (const [line, errors] of lines) assert.equal(count(line), errors, line)
})
