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

/** Why a mode is tried at its place; the texts are in `words.ts`. */
export type Why = 'instant' | 'steadier' | 'raw' | 'device' | 'last' | 'only'

/** A mode with the reason why it is tried at its place. */
export type Rung = { readonly mode: PlayerMode; readonly why: Why }

/** The modes worth trying in this browser, best first; empty when it can play nothing of ours. */
export function ladder({ mediaSource, managedOnly, nativeHls, decoders }: Capabilities): readonly Rung[] {
  const native: Rung = {
    mode: 'native',
    why: managedOnly ? 'device' : 'last',
  }
  if (managedOnly && nativeHls) return [native]
  const rungs: Rung[] = []
  if (mediaSource && decoders.h264) {
    rungs.push(
      { mode: 'hls-instant', why: 'instant' },
      { mode: 'hls-standard', why: 'steadier' },
      { mode: 'ts', why: 'raw' },
    )
  }
  if (nativeHls) rungs.push(mediaSource ? native : { mode: 'native', why: 'only' })
  return rungs
}
