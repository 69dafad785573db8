import type { AccountStatus } from './account-status.ts'

const DAY_MS = 24 * 3_600_000
/** The owner is told so long before the account ends. */
const EXPIRES_SOON_MS = 7 * DAY_MS

/** What is known of an account when its owner is told about it. */
export type AccountNews = {
  readonly name: string
  readonly status: AccountStatus | null
  /** The limit that the owner set; null: none. */
  readonly maxStreams: number | null
  readonly isContested: boolean
  readonly isLimitDoubtful: boolean
  /** Several channels in a row were not found. */
  readonly isAccountDoubtful: boolean
  readonly now: number
}

/** What the owner of an account should know now, as sentences. */
export function accountNotices(news: AccountNews): readonly string[] {
  const { name, status, maxStreams, now } = news
  const notices: string[] = []
  const expiresAt = status?.expiresAt ?? null
  if (expiresAt !== null && expiresAt <= now) notices.push(`The account ended on ${day(expiresAt)}`)
  else if (expiresAt !== null && expiresAt - now < EXPIRES_SOON_MS)
    notices.push(`The account ends on ${day(expiresAt)}; renew it with the provider`)
  if (news.isContested)
    notices.push(
      'Somebody else uses the account: the provider ended our stream for theirs, and we do not take it back at once',
    )
  if (news.isLimitDoubtful)
    notices.push(
      `The provider ended a stream when we opened another, although it says that the account has ${status?.maxConnections ?? 'enough'} connections; set "maxStreams" to what it really allows`,
    )
  if (news.isAccountDoubtful)
    notices.push(
      'The provider says "not found" to one channel after the other: the account may be over, or refused from here',
    )
  const allowed = status?.maxConnections ?? null
  if (maxStreams !== null && allowed !== null && maxStreams > allowed)
    notices.push(
      `"maxStreams" is ${maxStreams}, and the provider says ${allowed}: streams will push each other out unless it is wrong`,
    )
  return notices.map((text) => `Source "${name}": ${text}`)
}

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
