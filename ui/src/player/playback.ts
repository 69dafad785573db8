import type { ConvertedQuality, Engine, EngineFacts, OpenEngine } from './engine.ts'
import type { PlaybackFailure } from './failure.ts'
import { verdict } from './failure.ts'
import type { PlayerMode, Rung } from './ladder.ts'
import type { SoundChoice, SoundWish } from './sound-track.ts'

/**
 * States of a playback:
 *
 * opening ─first picture or sound→ playing ─no progress→ opening (same mode) …
 *    └ failure: waiting (tries again by itself) │ opening (next mode) │ failed (needs a person)
 */
export type PlaybackState =
  | { readonly kind: 'opening'; readonly rung: Rung }
  | { readonly kind: 'playing'; readonly rung: Rung }
  | { readonly kind: 'waiting'; readonly rung: Rung; readonly failure: PlaybackFailure; readonly until: number }
  | { readonly kind: 'failed'; readonly rung: Rung | null; readonly failure: PlaybackFailure }

/** What the page is told. */
export type PlaybackEvents = {
  state(state: PlaybackState): void
  codecs(codecs: { readonly picture: string | null; readonly sound: string | null }): void
  /** Tracks of sound to choose from, and each time that another is heard. */
  sound(choice: SoundChoice): void
  /** The browser allows sound only after a touch: the playback goes on without it. */
  soundBlocked(): void
  failure(failure: PlaybackFailure): void
}

/** What to play, where, by which means. */
export type PlaybackRequest = {
  readonly video: HTMLVideoElement
  readonly channelId: string
  /** A picture that the gateway has converted; null: as it is sent. */
  readonly converted: ConvertedQuality | null
  /** What to hear, where the channel has it; asked at each start. */
  readonly wish: () => SoundWish | null
  /** A channel without picture is no reason to complain. */
  readonly radio: boolean
  readonly rungs: readonly Rung[]
  readonly engines: Readonly<Record<PlayerMode, () => Promise<OpenEngine>>>
  readonly events: PlaybackEvents
  readonly now: () => number
}

/** A running playback. */
export interface Playback {
  facts(): EngineFacts
  /** Lets another track be heard. */
  chooseSound(id: string): void
  /** Tries at once instead of waiting, or again after a final failure. */
  retryNow(): void
  /** Stops and tells the gateway that this viewer has left. Idempotent. */
  close(): void
}

// Long enough for a mid-GOP start and the slowest decoder, short enough that nobody thinks the page is dead.
const PICTURE_WITHIN_MS = 8_000
// The gateway answers within 10 s; after that, media that does not come never comes.
const DATA_WITHIN_MS = 25_000
const STALL_MS = 12_000
// Playing this long forgives all failures before: the mode is right, the stream is rough.
const STEADY_MS = 8_000
const WATCH_EVERY_MS = 500

/** Plays a channel by the best of `rungs` that works, and goes on trying where trying makes sense. */
export function startPlayback(request: PlaybackRequest): Playback {
  const { video, channelId, converted, wish, radio, rungs, engines, events, now } = request
  let engine: Engine | null = null
  let seat: string | null = null
  let formerSeat: string | null = null
  let level = 0
  let tries = 0
  let attempt = 0
  let closed = false
  let state: PlaybackState | null = null
  let waiting: ReturnType<typeof setTimeout> | undefined
  let openedAt = 0
  let dataAt: number | null = null
  let movedAt = 0
  let pictured = false
  let playingSince: number | null = null
  let lastTime = 0

  const become = (next: PlaybackState) => {
    state = next
    events.state(next)
  }
  const giveUpFormerSeat = () => {
    if (formerSeat !== null) leave(formerSeat)
    formerSeat = null
  }
  // The seat is kept until the next one is taken, so that the channel goes on running in between.
  const drop = () => {
    engine?.close()
    engine = null
    giveUpFormerSeat()
    formerSeat = seat
    seat = null
  }

  const failed = (failure: PlaybackFailure) => {
    if (closed) return
    attempt += 1
    drop()
    events.failure(failure)
    const rung = rungs[level] ?? null
    const what = verdict(failure, tries, rungs.length - 1 - level)
    tries += 1
    playingSince = null
    if (what.kind === 'give-up' || rung === null) {
      giveUpFormerSeat()
      return become({ kind: 'failed', rung, failure })
    }
    if (what.kind === 'next-mode') {
      level += 1
      tries = 0
      return open()
    }
    // A moment's pause is part of tuning; a longer one is explained.
    if (what.afterMs < 1000) become({ kind: 'opening', rung })
    else become({ kind: 'waiting', rung, failure, until: now() + what.afterMs })
    waiting = setTimeout(open, what.afterMs)
  }

  const open = () => {
    clearTimeout(waiting)
    const rung = rungs[level]
    if (closed || rung === undefined) return
    attempt += 1
    const mine = attempt
    openedAt = now()
    dataAt = null
    movedAt = openedAt
    pictured = radio
    lastTime = 0
    become({ kind: 'opening', rung })
    const current = () => !closed && mine === attempt
    void engines[rung.mode]()
      .then((openEngine) =>
        current()
          ? openEngine({
              video,
              channelId,
              converted,
              wish: wish(),
              events: {
                failed: (failure) => {
                  if (current()) failed(failure)
                },
                data: () => {
                  dataAt ??= now()
                  giveUpFormerSeat()
                },
                codecs: (codecs) => {
                  if (current()) events.codecs(codecs)
                },
                sound: (choice) => {
                  if (current()) events.sound(choice)
                },
                seat: (url) => {
                  if (current()) seat = url
                },
              },
            })
          : null,
      )
      .then((opened) => {
        if (opened === null) return
        if (!current()) return opened.close()
        engine = opened
        void play()
      })
      .catch((cause: unknown) => {
        // The engine's own file did not arrive, or it threw: the next mode may do better.
        if (current())
          failed({ kind: 'network', code: null, status: 0, retryAfterSeconds: null, detail: String(cause) })
      })
  }

  const play = async () => {
    try {
      await video.play()
    } catch (cause) {
      // AbortError: a newer load took over. NotAllowedError: sound only after a touch (autoplay policy).
      if (!(cause instanceof DOMException) || cause.name !== 'NotAllowedError' || video.muted) return
      video.muted = true
      events.soundBlocked()
      await video.play().catch(() => {
        // Not even without sound: the page's play button is left to the person.
      })
    }
  }

  const watch = () => {
    if (closed || engine === null || state === null) return
    const at = now()
    if (video.currentTime !== lastTime) {
      lastTime = video.currentTime
      movedAt = at
      playingSince ??= at
    }
    if (at - (playingSince ?? at) > STEADY_MS) tries = 0
    // The count starts anew when the element recovers from an error: what was seen once counts.
    pictured ||= frames(video) > 0
    if (state.kind === 'opening' && pictured && video.currentTime > 0 && video.readyState >= 2) {
      become({ kind: 'playing', rung: state.rung })
    }
    if (video.paused && video.readyState >= 3) movedAt = at
    const failure = overdue(at)
    if (failure !== null) failed(failure)
  }

  const overdue = (at: number): PlaybackFailure | null => {
    const nothing = { code: null, status: 0, retryAfterSeconds: null }
    if (dataAt === null) {
      return at - openedAt > DATA_WITHIN_MS ? { ...nothing, kind: 'network', detail: 'No media within 25 s' } : null
    }
    // Without a visible page browsers decode no picture: that is no failure.
    if (!pictured && at - dataAt > PICTURE_WITHIN_MS && document.visibilityState === 'visible') {
      return { ...nothing, kind: 'no-picture', detail: 'Media arrives, but no picture within 8 s' }
    }
    return at - movedAt > STALL_MS ? { ...nothing, kind: 'network', detail: 'No progress for 12 s' } : null
  }

  const watching = setInterval(watch, WATCH_EVERY_MS)
  const onPageHide = () => {
    giveUpFormerSeat()
    if (seat !== null) leave(seat)
  }
  addEventListener('pagehide', onPageHide)
  open()

  return {
    facts: () => engine?.facts() ?? { latencySeconds: null, bitrateKbps: null },
    chooseSound: (id) => engine?.chooseSound(id),
    retryNow: () => {
      if (state?.kind === 'failed') {
        level = 0
        tries = 0
      }
      if (state?.kind === 'failed' || state?.kind === 'waiting') open()
    },
    close: () => {
      if (closed) return
      closed = true
      clearTimeout(waiting)
      clearInterval(watching)
      removeEventListener('pagehide', onPageHide)
      drop()
      giveUpFormerSeat()
    },
  }
}

/** Pictures shown so far; a sized video counts where the browser does not tell. */
function frames(video: HTMLVideoElement): number {
  const quality: unknown = Reflect.get(video, 'getVideoPlaybackQuality')
  return typeof quality === 'function' ? video.getVideoPlaybackQuality().totalVideoFrames : video.videoWidth
}

/** Frees the seat at once instead of after the gateway's idle time; nobody waits for the answer. */
function leave(url: string): void {
  void fetch(url, { method: 'DELETE', keepalive: true, credentials: 'same-origin' }).catch(() => {
    // The gateway notices by itself a few seconds later.
  })
}
