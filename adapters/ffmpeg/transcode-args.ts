import type { AudioIntent } from './args.ts'
import { encoderDevice, encoderInput, encoderOptions } from './video-encoder.ts'
import type { VideoEncoder } from './video-encoder.ts'

/** What a transcode should be. */
export type TranscodeIntent = {
  readonly encoder: VideoEncoder
  /** Null: the programme has no picture. `height`: at most; smaller pictures stay as they are. */
  readonly video: { readonly height: number; readonly bitrateKbps: number } | null
  /** Null: the programme has no sound. */
  readonly audio: AudioIntent | null
}

/** Times that FFmpeg is given begin here, 90 kHz: far from the wrap of the clock, which `-copyts` does not survive. */
export const REBASED_90K = 90_000 * 10

/** DTS lie so far behind the PCR, seconds (`linear-channels.md` §4: with 0 sound comes after its time). */
const CLOCK_LEAD_SECONDS = 0.3

/**
 * Arguments of a whole-stream FFmpeg: TS with one picture and one sound track on stdin, TS with H.264 and AAC on stdout, on
 * the same clock.
 *
 * Measured in `hls-ffmpeg.md` §5 (the short analysis; one frame in each PES packet) and `linear-channels.md` §4 (the
 * muxer's times). Pictures keep their own times to the tick (`enc_time_base`), sound that is missing is filled with
 * silence, and a track that stays away holds the other one up for 1.5 s only. No protocol but the pipes is open to it.
 */
export function transcodeArgs({ encoder, video, audio }: TranscodeIntent): readonly string[] {
  return [
    ['-hide_banner', '-loglevel', 'level+warning', '-protocol_whitelist', 'pipe'],
    video === null ? [] : encoderDevice(encoder),
    ['-f', 'mpegts', '-analyzeduration', '500000', '-probesize', '1000000', '-copyts', '-i', 'pipe:0'],
    video === null ? [] : ['-map', '0:v:0', '-vf', pictureFilter(video.height, encoder), '-enc_time_base:v', '1:90000'],
    video === null ? [] : encoderOptions(encoder, video.bitrateKbps),
    audio === null ? [] : soundOptions(audio),
    ['-muxdelay', String(CLOCK_LEAD_SECONDS), '-muxpreload', '0', '-mpegts_copyts', '1', '-pcr_period', '40'],
    ['-pes_payload_size', '0', '-max_interleave_delta', '1500000', '-max_muxing_queue_size', '4096'],
    ['-flush_packets', '1', '-f', 'mpegts', 'pipe:1'],
  ].flat()
}

/**
 * Frames that are sent interlaced become whole pictures, others pass. Never larger than it came, with square pixels and
 * even sides, as every encoder wants.
 */
function pictureFilter(height: number, encoder: VideoEncoder): string {
  const rows = `trunc(min(${height}\\,ih)/2)*2`
  const chain = [
    'bwdif=mode=send_frame:parity=auto:deint=interlaced',
    `scale=w=trunc(oh*dar/2)*2:h=${rows}`,
    'setsar=1',
  ]
  return [...chain, encoderInput(encoder)].join(',')
}

const soundOptions = ({ bitrateKbps, channels }: AudioIntent): readonly string[] =>
  [
    ['-map', '0:a:0', '-af', 'aresample=async=1', '-c:a', 'aac', '-aac_coder', 'fast'],
    ['-b:a', `${bitrateKbps}k`, '-ac', String(channels), '-ar', '48000'],
  ].flat()

/** Size of the pictures by which an encoder is tried, and how many of them: 2 s. */
export const TRIAL = { width: 640, height: 360, pictures: 50 } as const

/** Arguments that make an encoder prove itself: two seconds of a test picture, encoded as for viewers, as TS on stdout. */
export function trialArgs(encoder: VideoEncoder): readonly string[] {
  const source = `testsrc2=size=${TRIAL.width}x${TRIAL.height}:rate=25`
  return [
    ['-hide_banner', '-nostdin', '-loglevel', 'error', ...encoderDevice(encoder)],
    ['-f', 'lavfi', '-i', source, '-frames:v', String(TRIAL.pictures), '-vf', encoderInput(encoder)],
    encoderOptions(encoder, 1000),
    ['-f', 'mpegts', 'pipe:1'],
  ].flat()
}
