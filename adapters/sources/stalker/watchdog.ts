import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Timers } from '../timers.ts'
import { confirmQuery, watchdogQuery } from './box-queries.ts'
import type { Playing } from './box-queries.ts'
import type { BoxSession } from './box-session.ts'
import { looseText, member } from './loose.ts'
import { portalText } from './profile.ts'

/** Something a portal tells a box. Foreign words: the events of stalker.md §4.4. */
export type PortalEvent =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'list-changed' }
  | { readonly kind: 'cut-off' }

/** Reports that a box is on, as long as one of its streams is open. */
export interface Watchdog {
  /** A stream or a film began; call the answer when it is over. */
  begin(box: BoxSession, playing: Playing): () => void
  close(): void
}

/** What a watchdog needs. */
export type WatchdogOptions = {
  readonly onEvent: (box: BoxSession, event: PortalEvent) => void
  readonly timers: Timers
  readonly log: Log
  readonly closing: AbortSignal
}

/** Makes the watchdog of a portal. */
export function createWatchdog({ onEvent, timers, log, closing }: WatchdogOptions): Watchdog {
  const watched = new Map<BoxSession, { streams: number; playing: Playing; cancel: () => void }>()

  const report = async (box: BoxSession): Promise<void> => {
    const ask = { urgency: 'play', signal: closing } as const
    const { js } = await box.ask(watchdogQuery({ isFirst: false, playing: watched.get(box)?.playing ?? null }), ask)
    const data = member(js, 'data') ?? js
    const id = v.parse(looseText, member(data, 'id'))
    const event = eventOf(v.parse(looseText, member(data, 'event')), v.parse(looseText, member(data, 'msg')))
    if (event !== null) onEvent(box, event)
    if (id !== '') await box.ask(confirmQuery(id), ask)
  }
  const schedule = (box: BoxSession): (() => void) =>
    timers.after(box.watchdogSeconds() * 1000, () => {
      const entry = watched.get(box)
      if (entry === undefined) return
      entry.cancel = schedule(box)
      report(box).catch((error: unknown) => {
        if (closing.aborted) return
        const code = error instanceof Failure ? error.code : null
        log('warn', 'watchdog-failed', { mac: box.number, code })
      })
    })

  return {
    begin(box, playing) {
      const entry = watched.get(box) ?? { streams: 0, playing, cancel: schedule(box) }
      entry.playing = playing
      watched.set(box, entry)
      entry.streams++
      let isOn = true
      return () => {
        if (!isOn) return
        isOn = false
        entry.streams--
        if (entry.streams > 0) return
        entry.cancel()
        watched.delete(box)
      }
    },
    close() {
      for (const { cancel } of watched.values()) cancel()
      watched.clear()
    },
  }
}

/** The events that mean something here; boxes also get wishes to reboot or to switch channels. */
function eventOf(event: string, msg: string): PortalEvent | null {
  if (event.startsWith('send_msg')) return { kind: 'message', text: portalText(msg) }
  if (event === 'update_channels' || event === 'update_subscription') return { kind: 'list-changed' }
  return event === 'cut_off' ? { kind: 'cut-off' } : null
}
