/** Ways to encode H.264 in hardware, by the words of `transcode.hardware`. */
export const HARDWARE = ['vaapi', 'qsv', 'nvenc', 'v4l2m2m', 'videotoolbox'] as const

/** One way to encode H.264 in hardware. */
export type Hardware = (typeof HARDWARE)[number]

/** An encoder of H.264: in software, or in hardware, where `device` is the render node it works on (VAAPI only). */
export type VideoEncoder =
  | { readonly kind: 'software' }
  | { readonly kind: 'vaapi'; readonly device: string }
  | { readonly kind: Exclude<Hardware, 'vaapi'> }

/** Any encoder's `kind`. */
export type EncoderKind = VideoEncoder['kind']

/** FFmpeg's names of the encoders. */
export const ENCODER_NAMES: Readonly<Record<EncoderKind, string>> = {
  software: 'libx264',
  vaapi: 'h264_vaapi',
  qsv: 'h264_qsv',
  nvenc: 'h264_nvenc',
  v4l2m2m: 'h264_v4l2m2m',
  videotoolbox: 'h264_videotoolbox',
}

const TITLES: Readonly<Record<EncoderKind, string>> = {
  software: 'software (x264)',
  vaapi: 'VAAPI',
  qsv: 'Quick Sync (QSV)',
  nvenc: 'NVENC',
  v4l2m2m: 'V4L2 M2M',
  videotoolbox: 'VideoToolbox',
}

/** The encoder in words for people: `VAAPI (/dev/dri/renderD128)`. */
export const encoderTitle = (encoder: VideoEncoder): string =>
  encoder.kind === 'vaapi' ? `${TITLES.vaapi} (${encoder.device})` : TITLES[encoder.kind]

/** Whether both mean the same encoder on the same device. */
export const isSameEncoder = (a: VideoEncoder, b: VideoEncoder): boolean => encoderTitle(a) === encoderTitle(b)

/** The highest rate of the picture, by its average. */
export const PEAK = 1.25

/** Where pictures have to be for the encoder, as the end of a filter chain. */
export function encoderInput({ kind }: VideoEncoder): string {
  switch (kind) {
    case 'software':
    case 'nvenc':
    case 'v4l2m2m':
      return 'format=yuv420p'
    case 'qsv':
    case 'videotoolbox':
      return 'format=nv12'
    case 'vaapi':
      return 'format=nv12,hwupload'
    default:
      return kind satisfies never
  }
}

/** Options that come before the input: the device. */
export const encoderDevice = (encoder: VideoEncoder): readonly string[] =>
  encoder.kind === 'vaapi' ? ['-vaapi_device', encoder.device] : []

/**
 * Codec options: H.264 at this rate, a closed GOP every second whatever the picture rate, no key frame anywhere else.
 *
 * Key frames are asked for by time since the last one: by counting (`n_forced`) they would come in a row behind every gap,
 * and at every start, since times do not begin at 0. 0.99 s is a whole number of pictures for 25 as for 29.97 a second.
 */
export function encoderOptions(encoder: VideoEncoder, bitrateKbps: number): readonly string[] {
  return [
    ['-c:v', ENCODER_NAMES[encoder.kind], ...ownOptions(encoder)],
    ['-b:v', `${bitrateKbps}k`, '-maxrate', `${Math.round(bitrateKbps * PEAK)}k`],
    ['-bufsize', `${Math.round(bitrateKbps * 1.5)}k`, '-g', '250', '-flags:v', '+cgop'],
    ['-force_key_frames', 'expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+0.99))'],
  ].flat()
}

function ownOptions({ kind }: VideoEncoder): readonly string[] {
  switch (kind) {
    // x264 writes its time base (ours is 1/90000) into the stream as the picture rate unless that is said to be constant.
    case 'software':
      return [
        ['-preset', 'veryfast', '-profile:v', 'high', '-bf', '2', '-sc_threshold', '0'],
        ['-x264-params', 'force-cfr=1'],
      ].flat()
    // Elsewhere pictures in both directions cost time, and a key frame that is asked for becomes a plain I picture.
    case 'nvenc':
      return ['-bf', '0', '-forced-idr', '1', '-no-scenecut', '1']
    case 'qsv':
      return ['-bf', '0', '-forced_idr', '1']
    case 'videotoolbox':
      return ['-bf', '0', '-realtime', '1']
    case 'vaapi':
      return ['-bf', '0']
    case 'v4l2m2m':
      return []
    default:
      return kind satisfies never
  }
}
