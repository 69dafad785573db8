import { notice } from '../../../core/notices/notice.ts'
import type { Notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'
import type { BoxSession } from './box-session.ts'
import type { MacPool } from './mac-pool.ts'

/** What notices are made of. */
export type NoticeFacts = {
  /** Name of the source. */
  readonly name: string
  readonly boxes: readonly BoxSession[]
  readonly pool: MacPool<BoxSession>
  /** Until when the portal blocks us, epoch milliseconds; null: it does not. */
  readonly blockedUntil: number | null
  /** What the portal wrote to its customers, the newest first. */
  readonly messages: readonly string[]
  /** The portal announced another channel list since the last one. */
  readonly isListOld: boolean
  readonly now: number
}

const DAY_MS = 24 * 3600_000
/** An account that ends within this time is worth a word. */
const SOON_MS = 14 * DAY_MS

/** What the owner should know. MACs are named by their place in the list, never by themselves. */
export function portalNotices(facts: NoticeFacts): readonly Notice[] {
  const { name: source, boxes, pool, now } = facts
  return [
    ...(facts.blockedUntil === null
      ? []
      : [notice(SOURCE_NOTICES, 'portal/blocked', { until: minute(facts.blockedUntil) }, { source })]),
    ...boxes.flatMap((box) => {
      const state = pool.state(box)
      if (state.kind === 'ready') return []
      const { message: detail, code: failure } = state.reason
      const rest = { mac: box.number, until: minute(state.until), detail }
      return [notice(SOURCE_NOTICES, 'portal/mac-rests', rest, { source, failure })]
    }),
    ...boxes.flatMap((box) => expiryNotice(source, box, now)),
    ...pool
      .overLimit()
      .map(({ number: mac, limit }) => notice(SOURCE_NOTICES, 'portal/mac-limit', { mac, limit }, { source })),
    ...(facts.isListOld ? [notice(SOURCE_NOTICES, 'portal/list-old', {}, { source })] : []),
    ...facts.messages.map((message) => notice(SOURCE_NOTICES, 'portal/message', { message }, { source })),
  ]
}

function expiryNotice(source: string, box: BoxSession, now: number): readonly Notice[] {
  const at = box.expiry()?.at ?? null
  if (at === null || at - now > SOON_MS) return []
  const day = new Date(at).toISOString().slice(0, 10)
  const code = at <= now ? 'portal/mac-ended' : 'portal/mac-ends'
  return [notice(SOURCE_NOTICES, code, { mac: box.number, day }, { source })]
}

const minute = (instant: number): string => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
