import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext, useEffect, useRef } from 'preact/hooks'
import type * as v from 'valibot'
import type { Events } from './events.ts'
import type { LineState } from './line.ts'

/** Hands the events down the page tree. */
export const EventsContext = createContext<Events | null>(null)

/** The page's events; throws outside of `EventsContext.Provider`. */
export function useEvents(): Events {
  const events = useContext(EventsContext)
  if (events === null) throw new TypeError('useEvents() needs an EventsContext.Provider above it')
  return events
}

/** Calls `handler` for each event of this kind while the component is there; the schema must stay the same. */
export function useEvent<const Schema extends v.GenericSchema>(
  kind: string,
  schema: Schema,
  handler: (data: v.InferOutput<Schema>) => void,
): void {
  const events = useEvents()
  const latest = useRef(handler)
  latest.current = handler
  useEffect(() => events.on(kind, schema, (data) => latest.current(data)), [events, kind, schema])
}

/** Calls `load` at once, and again whenever the line to the gateway has come back after it was lost. */
export function useFresh(load: (signal: AbortSignal) => void): void {
  const events = useEvents()
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    let stop = new AbortController()
    latest.current(stop.signal)
    let seen = events.freshness.peek()
    const forget = events.freshness.subscribe((now) => {
      // The first time up says nothing that the first look did not.
      const isFirst = seen === 0
      if (now === seen) return
      seen = now
      if (isFirst) return
      stop.abort()
      stop = new AbortController()
      latest.current(stop.signal)
    })
    return () => {
      forget()
      stop.abort()
    }
  }, [events])
}

/** How the line is, for those who show it. */
export const useLineState = (): ReadonlySignal<LineState> => useEvents().state
