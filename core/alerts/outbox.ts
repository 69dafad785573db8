import { asFailure } from '../errors.ts'
import type { FailureCode } from '../errors.ts'
import type { Alert, AlertNews } from './alert.ts'
import { quietMinutes, wants } from './target.ts'
import type { Target } from './target.ts'

/** A message that waits for its turn. Instants are epoch milliseconds. */
export type Message = {
  readonly id: string
  readonly targetId: string
  readonly createdAt: number
  readonly dueAt: number
  /** How often it was tried. */
  readonly tries: number
  /** Each alert once, as it was last. */
  readonly alerts: readonly Alert[]
}

/** One try to deliver a message. */
export type Delivery = {
  readonly at: number
  readonly targetId: string
  readonly targetName: string
  readonly alerts: number
  /** `late`: it will be tried again; `dropped`: it will not. */
  readonly outcome: 'sent' | 'late' | 'dropped'
  readonly code: FailureCode | null
  readonly detail: string | null
  readonly ms: number
}

/** Port: where messages and tries are kept from one run to the next. */
export interface OutboxStore {
  messages(): readonly Message[]
  put(message: Message): void
  remove(id: string): void
  log(delivery: Delivery): void
  /** The newest first. */
  deliveries(limit: number): readonly Delivery[]
}

/** What an outbox needs. */
export type OutboxOptions = {
  readonly store: OutboxStore
  readonly targets: () => readonly Target[]
  readonly send: (target: Target, alerts: readonly Alert[], signal: AbortSignal) => Promise<void>
  readonly minuteOfDay: (at: number) => number
  readonly newId: () => string
  readonly now: () => number
}

/** A burst is one message: what comes within this time goes together. */
const GATHER_MS = 15_000
/** Waits after the first, second, … failure. */
const RETRY_MS = [30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000] as const
const MOST_MESSAGES = 500
const MOST_ALERTS = 200
/** How long one try may take. */
const SEND_MS = 30_000
const MINUTE_MS = 60_000

/** Messages on their way: gathered, held back in quiet hours, tried again, and dropped in the end. */
export class Outbox {
  readonly #options: OutboxOptions
  readonly #busy = new Set<string>()

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Takes news for all targets that want them; they go into the message that waits already, if one does. */
  add({ opened, resolved }: AlertNews): void {
    for (const target of this.#options.targets()) {
      const alerts = [...opened, ...resolved].filter((alert) => wants(target, alert))
      if (alerts.length > 0) this.#gather(target, alerts)
    }
  }

  #gather(target: Target, alerts: readonly Alert[]): void {
    const { store, newId, now } = this.#options
    const waiting = store.messages()
    const open = waiting.find(({ id, targetId, tries }) => targetId === target.id && tries === 0 && !this.#busy.has(id))
    const at = now()
    const dueAt = this.#dueAt(target, alerts, at)
    if (open === undefined) {
      const [oldest] = waiting
      if (waiting.length >= MOST_MESSAGES && oldest !== undefined) store.remove(oldest.id)
      store.put({
        id: newId(),
        targetId: target.id,
        createdAt: at,
        dueAt,
        tries: 0,
        alerts: alerts.slice(-MOST_ALERTS),
      })
      return
    }
    const ids = new Set(alerts.map(({ id }) => id))
    const kept = open.alerts.filter(({ id }) => !ids.has(id))
    const isUrgent = alerts.some(isCritical)
    store.put({
      ...open,
      dueAt: isUrgent ? Math.min(open.dueAt, dueAt) : open.dueAt,
      alerts: [...kept, ...alerts].slice(-MOST_ALERTS),
    })
  }

  #dueAt(target: Target, alerts: readonly Alert[], at: number): number {
    if (alerts.some(isCritical)) return at + GATHER_MS
    const quietMs = quietMinutes(target.quietHours, this.#options.minuteOfDay(at)) * MINUTE_MS
    return at + Math.max(GATHER_MS, target.digestMinutes * MINUTE_MS, quietMs)
  }

  /** Sends what is due, each target one message at a time; to be called every few seconds. */
  async work(signal: AbortSignal): Promise<void> {
    const { store, now } = this.#options
    const due = store.messages().filter(({ dueAt }) => dueAt <= now())
    const next = new Map(due.toReversed().map((message) => [message.targetId, message]))
    await Promise.all([...next.values()].map((message) => this.#try(message, signal)))
  }

  async #try(message: Message, signal: AbortSignal): Promise<void> {
    const { store, targets, send, now } = this.#options
    const target = targets().find(({ id }) => id === message.targetId)
    if (target === undefined || !target.enabled) {
      store.remove(message.id)
      return
    }
    if (this.#busy.has(message.id)) return
    this.#busy.add(message.id)
    const startedAt = now()
    const log = (outcome: Delivery['outcome'], problem: unknown): void => {
      const failure = problem === null ? null : asFailure(problem, 'alerts/not-delivered', 'The message was not taken')
      store.log({
        at: startedAt,
        targetId: target.id,
        targetName: target.name,
        alerts: message.alerts.length,
        outcome,
        code: failure?.code ?? null,
        detail: failure?.message ?? null,
        ms: Math.max(0, Math.round(now() - startedAt)),
      })
    }
    try {
      await send(target, message.alerts, AbortSignal.any([signal, AbortSignal.timeout(SEND_MS)]))
      store.remove(message.id)
      log('sent', null)
    } catch (error) {
      if (signal.aborted) return // the next run sends it
      const wait = RETRY_MS[message.tries]
      if (wait === undefined) store.remove(message.id)
      else store.put({ ...message, tries: message.tries + 1, dueAt: now() + wait })
      log(wait === undefined ? 'dropped' : 'late', error)
    } finally {
      this.#busy.delete(message.id)
    }
  }
}

const isCritical = ({ severity, state }: Alert): boolean => severity === 'critical' && state === 'open'
