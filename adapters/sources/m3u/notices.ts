import { notice } from '../../../core/notices/notice.ts'
import type { Notice } from '../../../core/notices/notice.ts'
import { SOURCE_NOTICES } from '../../../core/notices/sources.ts'
import type { ChannelList } from './channel-list.ts'

/** What the owner of a list should know of it. */
export function listNotices(source: string, { leftOut, problems }: ChannelList): readonly Notice[] {
  const tell = (code: 'list/films' | 'list/schemes' | 'list/addresses', count: number | undefined): readonly Notice[] =>
    count === undefined ? [] : [notice(SOURCE_NOTICES, code, { count }, { source })]
  const lines = { count: problems.count, detail: problems.first.join('; ') }
  return [
    ...(problems.count === 0 ? [] : [notice(SOURCE_NOTICES, 'list/bad-lines', lines, { source })]),
    ...tell('list/films', leftOut.get('film')),
    ...tell('list/schemes', leftOut.get('scheme')),
    ...tell('list/addresses', leftOut.get('address')),
  ]
}
