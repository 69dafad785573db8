import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks'
import * as v from 'valibot'
import { at } from '../api/base.ts'
import { Grid } from '../grid/grid.tsx'
import type { GridHandle } from '../grid/grid.tsx'
import type { Pages } from '../grid/pages.ts'
import { NOTHING } from '../grid/selection.ts'
import type { Selection } from '../grid/selection.ts'
import { useEvent, useEvents } from '../live/use-events.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { Waiting } from '../parts/waiting.tsx'
import type { ChannelRow } from './answers.ts'
import { BulkDrawer } from './bulk-drawer.tsx'
import { ChannelDrawer } from './channel-drawer.tsx'
import { channelColumns } from './columns.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { createEdits } from './edits.ts'
import { FilterBar } from './filter-bar.tsx'
import { JoinDialog } from './join-dialog.tsx'
import { createMarks, openRows } from './rows.ts'
import { SelectionBar } from './selection-bar.tsx'
import { targetOf } from './target.ts'
import { DRAWER_PARTS } from './use-aim.ts'
import type { DrawerPart } from './use-aim.ts'
import { useFacets } from './use-facets.ts'
import { filterOf, isFiltered, plainView, printView, readView } from './view.ts'
import type { View } from './view.ts'
import { words } from './words.ts'
import './channels.css'

/** How a view is gone to: in the place of the one before, and at what of the channel. */
type Showing = { readonly replace?: boolean; readonly part?: DrawerPart | null }

const LineupEvent = v.object({ revision: v.nullable(v.string()) })

/** The channel editor: chips, the list, what is done with what is selected, one channel in its drawer. */
export function ChannelsScreen() {
  const location = useLocation()
  const query = location.url.includes('?') ? location.url.slice(location.url.indexOf('?')) : ''
  const view = useMemo(() => readView(new URLSearchParams(query)), [query])
  const opened = new URLSearchParams(query).get('channel')
  const part = DRAWER_PARTS.find((one) => one === new URLSearchParams(query).get('part')) ?? null
  const show = useCallback(
    (next: View, channel: string | null, { replace = true, part: wanted = null }: Showing = {}) => {
      const text = printView(next)
      const more =
        channel === null
          ? ''
          : `${text === '' ? '?' : '&'}channel=${encodeURIComponent(channel)}${wanted === null ? '' : `&part=${wanted}`}`
      location.route(at(`/channels${text}${more}`), replace)
    },
    [location],
  )

  const toasts = useToasts()
  const events = useEvents()
  const marks = useMemo(() => createMarks((work, ms) => void setTimeout(work, ms)), [])
  const { pages, refresh } = useRows(view, marks)
  const edits = useMemo(
    () =>
      createEdits({
        toasts,
        onEdited: (revision) => {
          marks.own(revision)
          refresh()
        },
      }),
    [toasts, marks, refresh],
  )
  useEvent('lineup', LineupEvent, ({ revision }) => {
    // The list that is on its way is of now.
    if (pages.revision.peek() !== '' && revision !== pages.revision.peek()) refresh()
  })
  useEffect(() => {
    let known = events.freshness.peek()
    return events.freshness.subscribe((now) => {
      // The first time up says nothing that the first list did not.
      const isNews = known > 0 && now !== known
      known = now
      if (isNews) refresh()
    })
  }, [events, refresh])

  const facets = useFacets(pages.revision.value)
  const selection = useSignal<Selection>(NOTHING)
  const said = useSignal('')
  const isBulkOpen = useSignal(false)
  const isJoinOpen = useSignal(false)
  const handle = useRef<GridHandle | null>(null)
  const total = pages.total.value
  const problem = pages.problem.value

  // Places mean something only in the list as it was.
  const list = `${pages.revision.value} ${printView(view)}`
  const selectedIn = useRef(list)
  useEffect(() => {
    const isOld = selectedIn.current !== list
    selectedIn.current = list
    if (!isOld || selection.peek().kind !== 'rows') return
    selection.value = NOTHING
    isBulkOpen.value = false
    toasts.show({ text: words().selection.gone })
  }, [list, selection, isBulkOpen, toasts])

  const revisionOf = () => pages.revision.peek()
  const columns = useMemo(() => {
    const texts = words().saved
    return channelColumns({
      rename: (row, name, revision) =>
        void edits.change(
          row,
          revision,
          { name: name === '' ? null : name },
          texts.name(name === '' ? row.sourceName : name),
        ),
      renumber: (row, number, revision) => void edits.change(row, revision, { number }, texts.number(row.name, number)),
      setEnabled: (row, enabled) => void edits.change(row, revisionOf(), { enabled }, texts.enabled(row.name, enabled)),
      open: (row, wanted) => show(view, row.id, { replace: false, part: wanted ?? null }),
      sourceName: (id) => facets.sources.find((source) => source.id === id)?.name ?? id,
    })
  }, [edits, pages, view, show, facets.sources])

  const move = async (from: number, gap: number) => {
    const row = pages.row(from)
    const isDown = gap > from
    const anchor = pages.row(isDown ? gap - 1 : gap)
    if (row === null || anchor === null) return
    const json = { channels: [row.id], anchor: anchor.id, place: isDown ? 'after' : 'before', filter: filterOf(view) }
    const place = isDown ? gap - 1 : gap
    const isDone = await edits.make(
      '/api/v1/channels/move',
      { method: 'POST', json },
      words().saved.moved(row.name, anchor.number),
    )
    if (!isDone) return
    handle.current?.goTo(place)
    said.value = words().landed(row.name, anchor.number, place + 1, total ?? 0)
  }
  const mayMove = view.sort.by === 'number' && !view.sort.isDescending

  const target = targetOf(selection.value, view)
  return (
    <div class="channels-screen">
      <h1 class="visually-hidden">{words().title}</h1>
      <FilterBar
        view={view}
        groups={facets.groups}
        sources={facets.sources}
        total={total}
        problem={problem}
        onView={(next) => show(next, null)}
        onDown={() => handle.current?.focus()}
      />
      {problem !== null && problem.code !== 'lineup/bad-filter' && (
        <ProblemNote problem={problem} onRetry={() => refresh()} />
      )}
      {total === null && problem === null && <Waiting what={words().loading} />}
      {total === 0 && (
        <p class="nothing">
          {isFiltered(view) ? words().none : words().noneAtAll}{' '}
          {isFiltered(view) && (
            <button type="button" class="link" onClick={() => show(plainView(view), null)}>
              {words().all}
            </button>
          )}
        </p>
      )}
      {total !== null && total > 0 && (
        <Grid
          label={words().list}
          columns={columns}
          rows={pages}
          total={total}
          sort={view.sort}
          onSort={(by) =>
            show({ ...view, sort: { by, isDescending: view.sort.by === by && !view.sort.isDescending } }, null)
          }
          selection={selection.value}
          onSelect={(next) => {
            selection.value = next
          }}
          onOpen={(row) => show(view, row.id, { replace: false })}
          onMove={mayMove ? (from, gap) => void move(from, gap) : null}
          onUndo={() => void edits.undo()}
          isMarked={(row) => marks.ids.value.has(row.id)}
          handle={handle}
        />
      )}
      <p class="screen-keys">{words().keys}</p>
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
      <SelectionBar
        selection={selection.value}
        total={total ?? 0}
        onAll={() => {
          selection.value = { kind: 'all' }
        }}
        onClear={() => {
          selection.value = NOTHING
          handle.current?.focus()
        }}
        onChange={() => {
          isBulkOpen.value = true
        }}
        onJoin={() => {
          isJoinOpen.value = true
        }}
      />
      {isBulkOpen.value && target !== null && (
        <BulkDrawer
          target={target}
          total={total ?? 0}
          selection={selection.value}
          revision={pages.revision.value}
          facets={facets}
          edits={edits}
          onClose={() => {
            isBulkOpen.value = false
          }}
        />
      )}
      {isJoinOpen.value && selection.value.kind === 'ids' && (
        <JoinDialog
          ids={[...selection.value.ids]}
          edits={edits}
          onDone={() => {
            selection.value = NOTHING
          }}
          onClose={() => {
            isJoinOpen.value = false
          }}
        />
      )}
      {opened !== null && (
        <ChannelDrawer
          key={opened}
          id={opened}
          part={part}
          facets={facets}
          edits={edits}
          version={pages.revision.value}
          onClose={() => {
            show(view, null)
            handle.current?.focus()
          }}
        />
      )}
      <ConflictDialog edits={edits} />
    </div>
  )
}

/** The list of a view. While the next one is on its way the one before stays, so that typing does not make it flicker. */
function useRows(
  view: View,
  marks: ReturnType<typeof createMarks>,
): { readonly pages: Pages<ChannelRow>; readonly refresh: () => void } {
  const name = `${filterOf(view)}\n${view.sort.by}\n${view.sort.isDescending}`
  const wanted = useMemo(() => openRows(view, marks), [name, marks])
  const shown = useRef(wanted)
  const isThere = wanted.total.value !== null || wanted.problem.value !== null
  if (isThere || shown.current.total.value === null) shown.current = wanted
  useEffect(() => () => wanted.close(), [wanted])
  const latest = useRef(wanted)
  latest.current = wanted
  const refresh = useCallback(() => latest.current.refresh(), [])
  return { pages: shown.current, refresh }
}
