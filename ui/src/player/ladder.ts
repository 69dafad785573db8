import type { Decoders } from './codecs.ts'

/** A way to play a channel in this browser. */
export type PlayerMode = 'hls-instant' | 'hls-standard' | 'ts' | 'native'

/** What this browser brings along. */
export type Capabilities = {
  /** Media Source Extensions: scripts may feed the decoder. */
  readonly mediaSource: boolean
  /** Only the managed kind (iPhone): the system's own player is the better one there. */
  readonly managedOnly: boolean
  /** The video element plays HLS playlists by itself. */
  readonly nativeHls: boolean
  readonly decoders: Decoders
}

/** A mode with the reason why it is tried at its place. */
export type Rung = { readonly mode: PlayerMode; readonly why: string }

/** Name of a mode for people. */
export const MODE_NAMES: Readonly<Record<PlayerMode, string>> = {
  'hls-instant': 'HLS, instant delivery (hls.js)',
  'hls-standard': 'HLS, standard delivery (hls.js)',
  ts: 'Raw transport stream (mpegts.js)',
  native: 'HLS by the system’s own player',
}

/** The modes worth trying in this browser, best first; empty when it can play nothing of ours. */
export function ladder({ mediaSource, managedOnly, nativeHls, decoders }: Capabilities): readonly Rung[] {
  const native: Rung = {
    mode: 'native',
    why: managedOnly
      ? 'This device plays HLS itself, with hardware sound and picture'
      : 'The ways by script did not work; the browser plays HLS itself',
  }
  if (managedOnly && nativeHls) return [native]
  const rungs: Rung[] = []
  if (mediaSource && decoders.h264) {
    rungs.push(
      { mode: 'hls-instant', why: 'The browser takes media from scripts: half-second segments, the shortest delay' },
      { mode: 'hls-standard', why: 'Instant delivery did not work here; longer segments are steadier' },
      { mode: 'ts', why: 'HLS did not work here; the raw stream with AAC sound needs nothing but one connection' },
    )
  }
  if (nativeHls) rungs.push(mediaSource ? native : { mode: 'native', why: 'The browser plays HLS only by itself' })
  return rungs
}
