import type { OpenEngine } from './engine.ts'
import type { PlayerMode } from './ladder.ts'

/** Loads the library of a mode only when the mode is tried. */
export const ENGINES: Readonly<Record<PlayerMode, () => Promise<OpenEngine>>> = {
  'hls-instant': async () => (await import('./engine-hls.ts')).openHls('instant'),
  'hls-standard': async () => (await import('./engine-hls.ts')).openHls('standard'),
  ts: async () => (await import('./engine-ts.ts')).openTs,
  native: async () => (await import('./engine-native.ts')).openNative,
}
