import { effect, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import * as v from 'valibot'
import type { Line, LineState, OpenLine } from './line.ts'

/** The gateway's events as the parts of one page hear them. */
export type Events = {
  readonly state: ReadonlySignal<LineState>
  /** Rises whenever the line comes (back) up: what was known may be old, so ask again. 0: not up yet. */
  readonly freshness: ReadonlySignal<number>
  /** Calls `handler` for each event of this kind that has this shape; gives the function that ends it. */
  on<const Schema extends v.GenericSchema>(
    kind: string,
    schema: Schema,
    handler: (data: v.InferOutput<Schema>) => void,
  ): () => void
  /** Opens the line (again) for whoever is signed in now; null: for nobody, so it is closed. */
  follow(who: string | null): void
  close(): void
}

type Handler = (data: unknown) => void

/** Hands events of a line to those who asked for their kind. Events of another shape than expected are left alone. */
export function createEvents(open: OpenLine): Events {
  const state = signal<LineState>('off')
  const freshness = signal(0)
  const handlers = new Map<string, Set<Handler>>()
  let line: Line | null = null
  let following: string | null = null

  const hangUp = () => {
    line?.close()
    line = null
    state.value = 'off'
  }
  const hear: Parameters<OpenLine>[0] = (message) => {
    if (message.type === 'state') {
      if (message.state === 'open' && state.peek() !== 'open') freshness.value += 1
      state.value = message.state
      return
    }
    const listeners = handlers.get(message.kind)
    if (listeners === undefined) return
    const data = parse(message.data)
    for (const handler of listeners) handler(data)
  }
  return {
    state,
    freshness,
    on: (kind, schema, handler) => {
      const listeners = handlers.get(kind) ?? new Set()
      handlers.set(kind, listeners)
      const listener: Handler = (data) => {
        const parsed = v.safeParse(schema, data)
        if (parsed.success) handler(parsed.output)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && handlers.get(kind) === listeners) handlers.delete(kind)
      }
    },
    follow: (who) => {
      if (who === following) return
      const before = following
      following = who
      if (who === null) return hangUp()
      if (line === null) line = open(hear)
      else if (before !== null) line.restart()
    },
    close: hangUp,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Calls `load` whenever the line comes up, the first time too; gives the function that ends it. */
export const whenFresh = (events: Events, load: () => void): (() => void) =>
  effect(() => {
    if (events.freshness.value > 0) load()
  })
