/** What the audio sidecar has to make. */
export type AudioIntent = { readonly bitrateKbps: number; readonly channels: number }

/**
 * Arguments of the audio sidecar: TS with one audio PID on stdin, TS with AAC on stdout, one frame in each PES packet.
 *
 * Measured in `hls-ffmpeg.md` §5: the short analysis because FFmpeg reads on for 5 s otherwise, `pes_payload_size 0` because
 * sound is held back until 2930 bytes are full otherwise. No protocol but the pipes is open to it.
 */
export const audioSidecarArgs = ({ bitrateKbps, channels }: AudioIntent): readonly string[] =>
  [
    ['-hide_banner', '-loglevel', 'level+warning', '-protocol_whitelist', 'pipe'],
    ['-f', 'mpegts', '-analyzeduration', '150000', '-probesize', '500000', '-copyts', '-i', 'pipe:0'],
    ['-map', '0:a:0', '-c:a', 'aac', '-aac_coder', 'fast', '-b:a', `${bitrateKbps}k`],
    ['-ac', String(channels), '-ar', '48000', '-threads', '1'],
    ['-muxdelay', '0', '-muxpreload', '0', '-pes_payload_size', '0', '-flush_packets', '1'],
    ['-f', 'mpegts', 'pipe:1'],
  ].flat()
