import * as v from 'valibot'
import { Failure } from '../core/errors.ts'
import type { PlanItem } from '../core/linear/plan-item.ts'
import type { ControlRequest } from './control-socket.ts'

/** A channel of one's own as the command line prints it. */
export const PrintedChannel = v.object({
  id: v.string(),
  name: v.string(),
  number: v.nullable(v.string()),
  group: v.nullable(v.string()),
  library: v.string(),
  managedBy: v.string(),
  problem: v.nullable(v.string()),
})
export type PrintedChannel = v.InferOutput<typeof PrintedChannel>

/** A stretch of a channel as the command line prints it. Instants are ISO 8601. */
export const PrintedStretch = v.object({
  start: v.string(),
  stop: v.string(),
  kind: v.string(),
  title: v.string(),
  subtitle: v.nullable(v.string()),
  media: v.nullable(v.string()),
  inMs: v.number(),
  channel: v.nullable(v.string()),
})
export type PrintedStretch = v.InferOutput<typeof PrintedStretch>

/** What the commands need of the channels of a house. */
export type ChannelDesk = {
  list(): readonly PrintedChannel[]
  /** Fails with `linear/unknown-schedule`, or with what is wrong with its document. */
  items(id: string, window: { readonly from: number; readonly to: number }): Promise<readonly PlanItem[]>
}

/** A part of a plan; `next`: where to go on, epoch milliseconds, null at the end. */
export const PrintedPlan = v.object({ items: v.array(PrintedStretch), next: v.nullable(v.number()) })

/** The socket carries so many of them. */
const MOST_STRETCHES = 2000
const LONGEST_MS = 86_400_000

/**
 * Carries out `channel/list` and `channel/plan` (`id`, `from`, `to` in epoch milliseconds, a day at most; what begins within
 * the window or is on at its start) for the command line, in the running server or on an opened store. Fails with
 * `http/bad-request`, else like the desk.
 */
export async function runChannelCommand(desk: ChannelDesk, { command, args }: ControlRequest): Promise<unknown> {
  switch (command) {
    case 'channel/list':
      return desk.list()
    case 'channel/plan': {
      const [from, to] = [Number(args['from']), Number(args['to'])]
      if (!(to > from) || to - from > LONGEST_MS)
        throw new Failure('http/bad-request', '"to" should be up to a day after "from"')
      const items = await desk.items(args['id'] ?? '', { from, to })
      const shown = items.slice(0, MOST_STRETCHES)
      const next = items.length > shown.length ? (shown.at(-1)?.stop ?? null) : null
      return { items: shown.map(print), next } satisfies v.InferOutput<typeof PrintedPlan>
    }
    default:
      throw new Failure('http/bad-request', `The running server does not know the command "${command}"`)
  }
}

const print = ({ start, stop, kind, guide, media, inMs, channel }: PlanItem): PrintedStretch => ({
  start: new Date(start).toISOString(),
  stop: new Date(stop).toISOString(),
  kind,
  title: guide.title,
  subtitle: guide.subtitle,
  media,
  inMs,
  channel,
})
