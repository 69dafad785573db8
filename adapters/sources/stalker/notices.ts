import type { BoxSession } from './box-session.ts'
import type { Expiry } from './expiry.ts'
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

/** What the owner should know, as sentences. MACs are named by their place in the list, never by themselves. */
export function portalNotices(facts: NoticeFacts): readonly string[] {
  const { name, boxes, pool, now } = facts
  const say = (text: string): string => `Source "${name}": ${text}`
  return [
    ...(facts.blockedUntil === null
      ? []
      : [say(`the portal blocks our address; it is left alone until ${minute(facts.blockedUntil)}`)]),
    ...boxes.flatMap((box) => {
      const state = pool.state(box)
      return state.kind === 'ready' ? [] : [say(`${state.reason.message}; it rests until ${minute(state.until)}`)]
    }),
    ...boxes.flatMap((box) => expiryNotice(box, box.expiry(), now).map(say)),
    ...pool
      .overLimit()
      .map(({ number, limit }) => say(`MAC ${number} allows ${limit} at a time, less than "streamsPerMac" says`)),
    ...(facts.isListOld ? [say('the portal announced another channel list; refresh the source to take it')] : []),
    ...facts.messages.map((text) => say(`the provider writes "${text}"`)),
  ]
}

function expiryNotice({ number }: BoxSession, expiry: Expiry | null, now: number): readonly string[] {
  if (expiry === null || expiry.at === null || expiry.at - now > SOON_MS) return []
  const day = new Date(expiry.at).toISOString().slice(0, 10)
  return [
    expiry.at <= now ? `the account of MAC ${number} ended on ${day}` : `the account of MAC ${number} ends on ${day}`,
  ]
}

const minute = (instant: number): string => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
