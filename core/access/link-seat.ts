import { foldName } from './accounts.ts'
import type { Caller } from './caller.ts'

/** Whose seat a stream takes that begins on a front: a signed link tells it to the adapter, where seats are counted. */
export type LinkSeat = {
  /** Folded name of the account. */
  readonly account: string
  /** The device as the front tells devices apart. */
  readonly device: string
  /** Only of an account that the front's own configuration has and the house does not: its `maxStreams`. */
  readonly limit?: number | null
}

const MOST_ACCOUNT = 40
const MOST_DEVICE = 32

/** The seat of a caller; undefined: nobody's, or the adapter is too old to read it. */
export function linkSeat({ person, device = '' }: Pick<Caller, 'person' | 'device'>): LinkSeat | undefined {
  if (person?.knownBy === undefined) return undefined
  const account = foldName(person.name)
  return { account, device, ...(person.knownBy === 'front' && { limit: person.limits.maxStreams }) }
}

/** As a link writes it: `[account, device]`, or `[account, device, limit]`. */
export const printLinkSeat = ({ account, device, limit }: LinkSeat): readonly (string | number | null)[] =>
  limit === undefined ? [account, device] : [account, device, limit]

/** Null: it is none. */
export function readLinkSeat(value: unknown): LinkSeat | null {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return null
  const [account, device, limit] = value as readonly unknown[]
  if (typeof account !== 'string' || account === '' || account.length > MOST_ACCOUNT) return null
  if (typeof device !== 'string' || device.length > MOST_DEVICE) return null
  if (value.length === 2) return { account, device }
  return limit === null || (typeof limit === 'number' && Number.isInteger(limit) && limit > 0)
    ? { account, device, limit }
    : null
}
