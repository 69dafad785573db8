import { notice } from '../../../core/notices/notice.ts'
import type { Notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'
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

/** What the owner of an account should know now. */
export function accountNotices(news: AccountNews): readonly Notice[] {
  const { name: source, status, maxStreams, now } = news
  const notices: Notice[] = []
  const about = { source }
  const expiresAt = status?.expiresAt ?? null
  if (expiresAt !== null && expiresAt - now < EXPIRES_SOON_MS) {
    const code = expiresAt <= now ? 'account/ended' : 'account/ends'
    notices.push(notice(SOURCE_NOTICES, code, { day: new Date(expiresAt).toISOString().slice(0, 10) }, about))
  }
  const limit = status?.maxConnections ?? null
  if (news.isContested) notices.push(notice(SOURCE_NOTICES, 'account/contested', {}, about))
  if (news.isLimitDoubtful)
    notices.push(
      limit === null
        ? notice(SOURCE_NOTICES, 'account/limit-unknown', {}, about)
        : notice(SOURCE_NOTICES, 'account/limit-doubtful', { limit }, about),
    )
  if (news.isAccountDoubtful) notices.push(notice(SOURCE_NOTICES, 'account/doubtful', {}, about))
  if (maxStreams !== null && limit !== null && maxStreams > limit)
    notices.push(notice(SOURCE_NOTICES, 'account/above-limit', { wanted: maxStreams, limit }, about))
  return notices
}
