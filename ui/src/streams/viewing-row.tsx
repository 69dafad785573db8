import { at } from '../api/base.ts'
import type { Viewing } from '../running/answers.ts'
import { words } from '../running/words.ts'
import { formatBytes, formatDateTime, formatSpan } from '../text/format.ts'
import { failureText } from '../text/failures.ts'
import { narrowed, writeHistoryFilter } from './history-filter.ts'
import type { HistoryField, HistoryFilter } from './history-filter.ts'

/** One line of the history; who, what and from where lead to all that is alike. */
export function ViewingRow({ viewing, filter }: { viewing: Viewing; filter: HistoryFilter }) {
  const reasons: Readonly<Record<string, string>> = words().reasons
  const place = [viewing.address, viewing.player].filter((text) => text !== null).join(' · ')
  const problem = failureText(viewing.code)?.title ?? viewing.code
  return (
    <tr>
      <td>
        <time dateTime={new Date(viewing.startedAt).toISOString()}>{formatDateTime(viewing.startedAt)}</time>
      </td>
      <th scope="row">
        <Alike field="channel" value={viewing.channelId} name={viewing.title} filter={filter} />{' '}
        <small>
          <Alike field="source" value={viewing.sourceId} name={viewing.sourceId ?? ''} filter={filter} />
        </small>
      </th>
      <td>
        <Alike field="person" value={viewing.user} name={viewing.user ?? words().anonymous} filter={filter} />{' '}
        <small class="watched-player" title={place}>
          {place}
        </small>
      </td>
      <td>
        {viewing.mode} {viewing.quality !== 'original' && <small>{viewing.quality}</small>}
      </td>
      <td>
        {formatSpan(viewing.seconds)}{' '}
        <small>
          {formatBytes(viewing.bytes)}
          {viewing.errors > 0 && <> · {words().lost(viewing.errors)}</>}
          {viewing.switchCount > 0 && <> · {words().switches(viewing.switchCount)}</>}
        </small>
      </td>
      <td>
        {viewing.reason === null ? words().goesOn : (reasons[viewing.reason] ?? viewing.reason)}
        {problem !== null && <small> {problem}</small>}
      </td>
    </tr>
  )
}

/** A name that leads to the history of the same; without a value, or where that is shown already, the name alone. */
function Alike({
  field,
  value,
  name,
  filter,
}: {
  field: HistoryField
  value: string | null
  name: string
  filter: HistoryFilter
}) {
  if (value === null || filter[field] !== '') return <>{name}</>
  return <a href={at(`/streams?${writeHistoryFilter(narrowed(filter, { [field]: value }))}`)}>{name}</a>
}
