import { at } from '../api/base.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { formatDateTime } from '../text/format.ts'
import type { LogLine } from './answers.ts'
import type { Filter } from './filter.ts'
import { words } from './words.ts'

type Jump = { readonly key: 'event' | 'channel' | 'source' | 'person'; readonly value: string }

/** What a line is about, by the names that lines use. */
function jumpsOf({ event, facts }: LogLine): readonly Jump[] {
  const named = (key: Jump['key'], ...names: readonly string[]): readonly Jump[] => {
    const value = names.map((name) => facts[name]).find((one) => typeof one === 'string')
    return typeof value === 'string' ? [{ key, value }] : []
  }
  return [
    { key: 'event', value: event },
    ...named('channel', 'channelId', 'channel'),
    ...named('source', 'sourceId', 'source', 'feed'),
    ...named('person', 'user', 'who', 'person', 'askedBy'),
  ]
}

/** A line with all its facts, the way to others of its kind, and its text to take along. */
export function LineDrawer({
  line,
  filter,
  onFilter,
  onClose,
}: {
  line: LogLine | null
  filter: Filter
  onFilter: (filter: Filter) => void
  onClose: () => void
}) {
  const jumps = line === null ? [] : jumpsOf(line)
  const channel = jumps.find(({ key }) => key === 'channel')?.value
  const source = jumps.find(({ key }) => key === 'source')?.value
  return (
    <Dialog title={line?.event ?? ''} open={line !== null} onClose={onClose} side>
      {line !== null && (
        <div class="line">
          <p>
            <span class={`logs-level logs-${line.level}`}>{words().levels[line.level]}</span> {formatDateTime(line.at)}
          </p>
          <dl class="line-facts">
            {Object.entries(line.facts).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === 'string' ? value : JSON.stringify(value, null, 1)}</dd>
              </div>
            ))}
          </dl>
          <div class="line-jumps">
            {jumps.map(({ key, value }) => (
              <button
                key={key}
                type="button"
                class="button"
                onClick={() => {
                  onFilter({ ...filter, [key]: value })
                  onClose()
                }}
              >
                <Icon name="filter" />
                {words().only(words().about[key], value)}
              </button>
            ))}
            {channel !== undefined && /^c\d+$/.test(channel) && (
              <a class="button" href={at(`/player/${encodeURIComponent(source ?? 'any')}/${channel}`)}>
                <Icon name="tv" />
                {words().watch}
              </a>
            )}
          </div>
          <CopyField
            label={words().asText}
            text={JSON.stringify({
              time: new Date(line.at).toISOString(),
              level: line.level,
              event: line.event,
              ...line.facts,
            })}
          />
        </div>
      )}
    </Dialog>
  )
}
