import { statfs } from 'node:fs/promises'
import { createDeliver } from '../adapters/alerts/deliver.ts'
import type { Store } from '../adapters/store/open-store.ts'
import type { Alert } from '../core/alerts/alert.ts'
import { evaluate, stateOf } from '../core/alerts/evaluate.ts'
import type { HouseFacts } from '../core/alerts/facts.ts'
import { Outbox } from '../core/alerts/outbox.ts'
import { rulesWith } from '../core/alerts/rule.ts'
import { Failure } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { describeAlert } from '../core/alerts/texts.ts'
import type { AlertDesk } from '../handlers/alerts/alert-desk.ts'
import { openTargets } from './alert-targets.ts'
import { readRuleChanges, RULES_KEY } from './alert-rules.ts'
import { VERSION } from './version.ts'

const LOOK_MS = 10_000
const SEND_MS = 5000
const MINUTES_A_DAY = 1440

/** What alerts are made of. */
export type AlertParts = {
  readonly store: Pick<Store, 'history' | 'settings'>
  readonly dataDir: string
  readonly facts: () => Omit<HouseFacts, 'diskFreeBytes'>
  readonly ownPorts: () => readonly number[]
  readonly now: () => number
  readonly log: Log
}

/** The alerts of a house. Disposing it ends what is being sent; what was not sent is sent by the next run. */
export interface HouseAlerts extends AsyncDisposable {
  readonly desk: AlertDesk
  /** Begins to look, every ten seconds. */
  start(): void
}

/** Takes over alerts, rules and messages of an earlier run. */
export async function createAlerts({ store, dataDir, facts, ownPorts, now, log }: AlertParts): Promise<HouseAlerts> {
  const { alerts: kept, outbox: mail } = store.history
  let changes = await readRuleChanges(store.settings)
  const targets = await openTargets(store.settings)
  let state = stateOf(kept.all())
  const listeners = new Set<(id: string) => void>()
  const stopping = new AbortController()
  const timers: ReturnType<typeof setInterval>[] = []
  const newId = (): string => `a${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const deliver = createDeliver({ userAgent: `downlink/${VERSION}`, ownPorts, now })
  const outbox = new Outbox({
    store: mail,
    targets: () => targets.list(),
    send: async (target, alerts, signal) =>
      deliver({ target, secrets: await targets.secrets(target.id), alerts }, signal),
    minuteOfDay,
    newId,
    now,
  })
  let sending = Promise.resolve()

  const put = (alerts: readonly Alert[]): void => {
    kept.put(alerts)
    for (const { id } of alerts) for (const listener of listeners) listener(id)
  }
  const look = async (): Promise<void> => {
    const diskFreeBytes = await freeBytes(dataDir)
    if (stopping.signal.aborted) return
    const before = state
    const next = evaluate(before, {
      rules: rulesWith(changes),
      facts: { ...facts(), diskFreeBytes },
      now: now(),
      newId,
    })
    state = next
    const { opened, resolved } = next
    const ids = new Set(next.alerts.map(({ id }) => id))
    kept.remove(before.alerts.flatMap(({ id }) => (ids.has(id) ? [] : [id])))
    for (const { kind, subject, severity, count } of opened)
      log('warn', 'alert-open', { rule: kind, subject, severity, count })
    for (const { kind, subject } of resolved) log('info', 'alert-resolved', { rule: kind, subject })
    if (opened.length + resolved.length === 0) return
    put([...opened, ...resolved])
    outbox.add({ opened, resolved })
  }
  const spared = (what: string, work: () => Promise<void>): (() => void) => {
    let isRunning = false
    return () => {
      if (isRunning) return
      isRunning = true
      const done = work()
        .catch((error: unknown) => log('error', what, { error: String(error) }))
        .finally(() => (isRunning = false))
      if (what === 'alerts-send') sending = done
    }
  }

  const desk: AlertDesk = {
    describe: describeAlert,
    alerts: () => state.alerts,
    acknowledge(id, by) {
      const alert = state.alerts.find((one) => one.id === id)
      if (alert === undefined) throw new Failure('alerts/unknown', 'No alert has this id')
      const seen: Alert = { ...alert, acknowledged: alert.acknowledged ?? { by, at: now() } }
      state = { ...state, alerts: state.alerts.map((one) => (one.id === id ? seen : one)) }
      put([seen])
      return seen
    },
    rules: () => rulesWith(changes),
    async changeRule(kind, change) {
      changes = { ...changes, [kind]: { ...changes[kind], ...change } }
      await store.settings.setText(RULES_KEY, JSON.stringify(changes))
      const rule = rulesWith(changes).find((one) => one.kind === kind)
      if (rule === undefined) throw new TypeError(`There is no rule "${kind}"`)
      return rule
    },
    targets: () => targets.list(),
    putTarget: (id, body) => targets.put(id, body),
    removeTarget: (id) => targets.remove(id),
    async test(id, signal) {
      const target = targets.find(id)
      const startedAt = now()
      const note = { at: startedAt, targetId: id, targetName: target.name, alerts: 1 }
      try {
        await deliver({ target, secrets: await targets.secrets(id), alerts: [anExample(startedAt)] }, signal)
        mail.log({ ...note, outcome: 'sent', code: null, detail: null, ms: now() - startedAt })
      } catch (error) {
        const { code, message } = error instanceof Failure ? error : { code: null, message: 'It broke off' }
        mail.log({ ...note, outcome: 'dropped', code, detail: message, ms: now() - startedAt })
        throw error
      }
    },
    deliveries: (limit) => mail.deliveries(limit),
    waiting: () => mail.messages().length,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }

  return {
    desk,
    start() {
      timers.push(
        setInterval(spared('alerts-look', look), LOOK_MS),
        setInterval(
          spared('alerts-send', () => outbox.work(stopping.signal)),
          SEND_MS,
        ),
      )
    },
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer)
      stopping.abort(new Error('The program stops'))
      await sending
    },
  }
}

/** What a test sends: an alert that is none. */
const anExample = (at: number): Alert => ({
  id: 'test',
  kind: 'disk-low',
  subject: 'test',
  name: 'test',
  severity: 'info',
  value: 1,
  threshold: 2,
  code: null,
  state: 'open',
  acknowledged: null,
  count: 1,
  firstSeen: at,
  lastSeen: at,
  resolvedAt: null,
})

/** By the clock on the wall here. */
function minuteOfDay(at: number): number {
  const date = new Date(at)
  return (date.getHours() * 60 + date.getMinutes()) % MINUTES_A_DAY
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null // some file systems do not say
  }
}
