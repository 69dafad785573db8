import { useSignal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import type { ChannelDetailAnswer } from '../api/answers.ts'
import { capabilitiesOf } from './capabilities.ts'
import { undecodablePicture } from './codecs.ts'
import { ENGINES } from './engines.ts'
import type { PlayRecord } from './facts-panel.tsx'
import type { PlaybackFailure } from './failure.ts'
import { ladder } from './ladder.ts'
import { startPlayback } from './playback.ts'
import type { Playback, PlaybackState } from './playback.ts'
import { NO_CHOICE, storedWish, storeWish } from './sound-track.ts'
import type { SoundChoice } from './sound-track.ts'

const NOTHING_YET: PlayRecord = {
  rung: null,
  converted: null,
  picture: null,
  sound: null,
  startMs: null,
  failures: 0,
  lastFailure: null,
}

/** A failure that is known before any byte is asked for. */
const unsupported = (detail: string): PlaybackFailure => ({
  kind: 'unsupported',
  code: null,
  status: 0,
  retryAfterSeconds: null,
  detail,
})

/** Plays the channel on the element for as long as both stay; a new channel replaces the playback, not the element. */
export function usePlayback({
  channelId,
  channel,
  video,
  canConvert,
  renew,
}: {
  channelId: string
  /** Null until its detail has arrived. */
  channel: ChannelDetailAnswer | null
  video: RefObject<HTMLVideoElement | null>
  /** The gateway can send a picture that every browser plays. */
  canConvert: boolean
  renew: () => Promise<ChannelDetailAnswer | null>
}): {
  /** Of this channel: null from the moment of a zap on, until its own playback says something. */
  readonly state: PlaybackState | null
  readonly record: ReadonlySignal<PlayRecord>
  readonly playback: ReadonlySignal<Playback | null>
  readonly soundBlocked: Signal<boolean>
  readonly sound: ReadonlySignal<SoundChoice>
  /** Lets a track be heard, and remembers the wish for all channels. */
  readonly chooseSound: (id: string) => void
  /** Picture codec that this browser is known not to decode. */
  readonly undecodable: ReadonlySignal<string | null>
  readonly retryNow: () => void
  /** Goes on with a picture that the gateway converts, here and wherever else this browser needs it; null: not possible, or done. */
  readonly convert: (() => void) | null
} {
  const state = useSignal<PlaybackState | null>(null)
  /** Whom `state` speaks of; a zap draws the page once before its playback exists. */
  const stateOf = useSignal<string | null>(null)
  const record = useSignal<PlayRecord>(NOTHING_YET)
  const playback = useSignal<Playback | null>(null)
  const soundBlocked = useSignal(false)
  const sound = useSignal<SoundChoice>(NO_CHOICE)
  const undecodable = useSignal<string | null>(null)
  /** The person has agreed to converted pictures once: other channels that need it get it unasked. */
  const agreed = useSignal(false)
  const convertedChannel = useSignal<string | null>(null)
  const converted = canConvert && convertedChannel.value === channelId ? '720p' : null
  const known = channel !== null
  const radio = channel?.media === 'radio'

  useEffect(() => {
    const element = video.current
    state.value = null
    stateOf.value = channelId
    record.value = NOTHING_YET
    undecodable.value = null
    sound.value = NO_CHOICE
    if (!known || element === null) return
    const capabilities = capabilitiesOf(globalThis.window, element)
    const rungs = ladder(capabilities)
    const askedAt = performance.now()
    let current = true
    const name = (detail: ChannelDetailAnswer | null) => {
      if (current && detail?.program != null)
        undecodable.value = undecodablePicture(detail.program.streams, capabilities.decoders)
    }
    const convertUnasked = () => {
      if (!canConvert || !agreed.peek() || converted !== null || rungs.length === 0) return false
      convertedChannel.value = channelId
      return true
    }
    name(channel)
    const isHopeless = undecodable.peek() !== null && converted === null
    if (isHopeless && convertUnasked()) return
    if (isHopeless || rungs.length === 0) {
      const detail = rungs.length === 0 ? 'No Media Source Extensions and no HLS' : 'Known from the running stream'
      state.value = { kind: 'failed', rung: null, failure: unsupported(detail) }
      return
    }
    const running = startPlayback({
      video: element,
      channelId,
      converted,
      wish: () => storedWish(localStorage),
      radio,
      rungs,
      engines: ENGINES,
      now: Date.now,
      events: {
        state: (next) => {
          state.value = next
          const startMs =
            next.kind === 'playing' ? (record.peek().startMs ?? performance.now() - askedAt) : record.peek().startMs
          record.value = { ...record.peek(), rung: next.rung, converted, startMs }
        },
        codecs: ({ picture, sound }) => {
          const old = record.peek()
          record.value = { ...old, picture: picture ?? old.picture, sound: sound ?? old.sound }
        },
        sound: (choice) => {
          sound.value = choice
        },
        soundBlocked: () => {
          soundBlocked.value = true
        },
        failure: (failure) => {
          const old = record.peek()
          record.value = { ...old, failures: old.failures + 1, lastFailure: failure.code ?? failure.detail }
          // The stream runs now: the gateway can name its codecs.
          if (failure.kind !== 'no-picture' && failure.kind !== 'unsupported') return
          if (!convertUnasked()) void renew().then(name)
        },
      },
    })
    playback.value = running
    return () => {
      current = false
      playback.value = null
      running.close()
    }
    // Details renewed while playing must not start it again: only the channel's arrival counts.
  }, [channelId, converted, known, radio, video])

  return {
    state: stateOf.value === channelId ? state.value : null,
    record,
    playback,
    soundBlocked,
    sound,
    chooseSound: (id) => {
      const track = sound.peek().tracks.find((one) => one.id === id)
      if (track === undefined) return
      storeWish(track, localStorage)
      playback.peek()?.chooseSound(id)
    },
    undecodable,
    retryNow: () => playback.peek()?.retryNow(),
    convert:
      canConvert && converted === null
        ? () => {
            agreed.value = true
            convertedChannel.value = channelId
          }
        : null,
  }
}
