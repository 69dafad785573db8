import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { OrderList } from '../grid/order-list.tsx'
import { Combobox } from '../parts/combobox.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { RowsAnswer, StreamsAnswer } from './answers.ts'
import type { ChannelRow, ChannelStream, ChannelStreams } from './answers.ts'
import type { Edits } from './edits.ts'
import { rowsPath } from './rows.ts'
import type { Facets } from './use-facets.ts'
import { quote } from './view.ts'
import { evidenceText } from './evidence.ts'
import { useAim } from './use-aim.ts'
import { words } from './words.ts'

/** The streams of a channel in fail-over order: drag, split off, and take those of another channel in. */
export function StreamsPart({
  row,
  version,
  facets,
  edits,
  isAimed,
}: {
  row: ChannelRow
  version: string
  facets: Facets
  edits: Edits
  /** Somebody came for this. */
  isAimed: boolean
}) {
  const texts = words().drawer
  const { saved } = words()
  const known = useSignal<ChannelStreams | null>(null)
  const part = useAim(isAimed, known.value !== null)
  const path = `/api/v1/channels/${encodeURIComponent(row.id)}`
  useEffect(() => {
    const stop = new AbortController()
    ask(`${path}/streams`, StreamsAnswer, { signal: stop.signal }).then(
      (answer) => {
        known.value = answer
      },
      () => undefined, // the list above says what is wrong with the house
    )
    return () => stop.abort()
  }, [path, version, known])
  const streams = known.value?.items ?? []
  const order = (ids: readonly string[] | null) => {
    const now = known.value
    if (now !== null && ids !== null)
      known.value = { ...now, items: ids.flatMap((id) => now.items.find((one) => one.id === id) ?? []) }
    void edits.make(`${path}/streams`, { method: 'PUT', json: { order: ids } }, saved.streams(row.name))
  }
  const split = (id: string) =>
    void edits.make(`${path}/split`, { method: 'POST', json: { streams: [id] } }, saved.split(row.name))
  const turn = ({ id, name, off }: ChannelStream) =>
    void edits.make(
      `${path}/streams/${encodeURIComponent(id)}`,
      { method: 'PATCH', json: { off: !off } },
      saved.streamOff(name, !off),
    )
  const offered = streams.filter(({ goneSince }) => goneSince === null)
  return (
    <section class="part" ref={part} tabIndex={-1} aria-label={texts.streams}>
      <h3>{texts.streams}</h3>
      <OrderList
        items={streams}
        name={(stream) => stream.name}
        onOrder={(next) => order(next.map(({ id }) => id))}
        render={(stream) => <StreamLine stream={stream} facets={facets} />}
        actions={(stream) => (
          <>
            <button
              type="button"
              class="row-switch"
              aria-pressed={!stream.off}
              aria-label={texts.streamInUse(stream.name)}
              title={stream.off ? texts.streamOn : texts.streamOff}
              onClick={() => turn(stream)}
            >
              <i />
            </button>
            {streams.length > 1 && (
              <Menu label={stream.name} items={[{ id: 'split', label: texts.split, run: () => split(stream.id) }]} />
            )}
          </>
        )}
      />
      {offered.length > 0 && offered.every(({ off }) => off) && (
        <p class="note note-problem" role="status">
          <Icon name="alert" />
          <span class="note-text">{texts.allOff}</span>
        </p>
      )}
      {known.value?.ownOrder === true && (
        <button type="button" class="link" onClick={() => order(null)}>
          {texts.automatic}
        </button>
      )}
      <JoinOther row={row} edits={edits} />
    </section>
  )
}

function StreamLine({ stream, facets }: { stream: ChannelStream; facets: Facets }) {
  const texts = words().drawer
  const { joined, source, name, off, goneSince } = stream
  return (
    <span class="stream-line">
      <span class={`stream-name${off ? ' row-off' : ''}`}>{name}</span>
      <small>
        {facets.sources.find(({ id }) => id === source)?.name ?? source}
        {off && <> · {texts.streamIsOff}</>}
        {goneSince !== null && <span class="row-bad"> · {texts.gone}</span>}
        {joined.reason !== '' && <> · {texts.score(joined.score, evidenceText(joined.reason))}</>}
      </small>
    </span>
  )
}

const MOST_FOUND = 20

/** Looks for another channel whose streams belong here. */
function JoinOther({ row, edits }: { row: ChannelRow; edits: Edits }) {
  const texts = words().drawer
  const typed = useSignal('')
  const found = useSignal<readonly ChannelRow[]>([])
  useEffect(() => {
    const text = typed.value.trim()
    if (text === '') {
      found.value = []
      return
    }
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const filter = `text = ${quote(text)} and media = ${quote(row.media)} and id != ${quote(row.id)}`
      ask(rowsPath(filter, { by: 'number', isDescending: false }, 0, MOST_FOUND), RowsAnswer, {
        signal: stop.signal,
      }).then(
        ({ items }) => {
          found.value = items
        },
        () => undefined,
      )
    }, 200)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [typed.value, row.id, row.media, found])
  return (
    <Combobox
      key={row.streams.length}
      label={texts.joinOther}
      choices={found.value.map(({ id, number, name, streams: [first] }) => ({
        id,
        label: `${number} ${name}`,
        ...(first !== undefined && { note: first.source }),
      }))}
      value={null}
      empty={texts.joinNothing}
      onType={(text) => {
        typed.value = text
      }}
      onChoose={(id) => {
        if (id === null) return
        const path = `/api/v1/channels/${encodeURIComponent(row.id)}/join`
        void edits.make(path, { method: 'POST', json: { channels: [id] } }, words().saved.joined(row.name))
      }}
    />
  )
}
