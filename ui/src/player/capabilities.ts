import { decodersOf } from './codecs.ts'
import type { Capabilities } from './ladder.ts'

type MediaSourceClass = { isTypeSupported(type: string): boolean }

/** Asks this browser what it can play. */
export function capabilitiesOf(view: Window & typeof globalThis, video: HTMLVideoElement): Capabilities {
  const plain: MediaSourceClass | undefined = 'MediaSource' in view ? view.MediaSource : undefined
  const managed = 'ManagedMediaSource' in view ? asMediaSource(view.ManagedMediaSource) : undefined
  const source = plain ?? managed
  return {
    mediaSource: source !== undefined,
    managedOnly: plain === undefined && managed !== undefined,
    nativeHls: video.canPlayType('application/vnd.apple.mpegurl') !== '',
    decoders: decodersOf((type) =>
      source === undefined ? video.canPlayType(type) !== '' : source.isTypeSupported(type),
    ),
  }
}

function asMediaSource(value: unknown): MediaSourceClass | undefined {
  return typeof value === 'function' && 'isTypeSupported' in value ? (value as unknown as MediaSourceClass) : undefined
}
