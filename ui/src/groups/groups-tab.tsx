import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { AllGroupsAnswer } from '../channels/answers.ts'
import type { Edits } from '../channels/edits.ts'
import { Grid } from '../grid/grid.tsx'
import type { GridHandle } from '../grid/grid.tsx'
import { movedTo } from '../grid/order-list.tsx'
import { openPages } from '../grid/pages.ts'
import { NOTHING } from '../grid/selection.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { groupColumns } from './columns.tsx'
import type { GroupRow } from './columns.tsx'
import { GroupDrawer } from './group-drawer.tsx'
import { words } from './words.ts'

const PAGE_SIZE = 100
/** The gateway takes so many names in one order. */
const MOST_ORDERED = 2000

/** Groups in the order in which players list them. */
export function GroupsTab({ edits, revision }: { edits: Edits; revision: string }) {
  const opened = useSignal<GroupRow | null>(null)
  const said = useSignal('')
  const handle = useRef<GridHandle | null>(null)
  const pages = useMemo(
    () =>
      openPages<GroupRow>({
        load: async (offset, limit, signal) => {
          const answer = await ask(`/api/v1/groups?all=1&offset=${offset}&limit=${limit}`, AllGroupsAnswer, { signal })
          return { ...answer, items: answer.items.map((group) => ({ ...group, id: group.name })) }
        },
        size: PAGE_SIZE,
        now: Date.now,
      }),
    [],
  )
  useEffect(() => () => pages.close(), [pages])
  useEffect(() => {
    const known = pages.revision.peek()
    if (revision !== '' && known !== '' && revision !== known) pages.refresh()
  }, [revision, pages])
  const total = pages.total.value
  const problem = pages.problem.value

  const patch = (group: GroupRow, json: object, done: string) =>
    edits.make(`/api/v1/groups/${encodeURIComponent(group.name)}`, { method: 'PATCH', json }, done)
  const columns = useMemo(() => {
    const { saved } = words()
    return groupColumns({
      rename: (group, name) => void patch(group, { name: name === '' ? null : name }, saved.renamed(name)),
      setShown: (group, isShown) => void patch(group, { hidden: !isShown }, saved.shown(group.name, isShown)),
      open: (group) => {
        opened.value = group
      },
    })
  }, [edits, opened])

  const move = async (from: number, gap: number) => {
    const group = pages.row(from)
    // Groups behind the last one that moves stay as they are.
    const count = Math.max(from + 1, gap)
    if (group === null || count > MOST_ORDERED) return
    const { items } = await ask(`/api/v1/groups?all=1&limit=${count}`, AllGroupsAnswer)
    const order = movedTo(
      items.map(({ name }) => name),
      from,
      gap,
    )
    if (!(await edits.make('/api/v1/groups', { method: 'PUT', json: { order } }, words().saved.moved(group.name))))
      return
    const place = gap > from ? gap - 1 : gap
    handle.current?.goTo(place)
    said.value = words().landed(group.name, place + 1, total ?? 0)
  }

  return (
    <>
      <form
        class="add-row"
        onSubmit={(event) => {
          event.preventDefault()
          const form = event.currentTarget
          const name = String(new FormData(form).get('name') ?? '').trim()
          if (name === '') return
          void edits
            .make('/api/v1/groups', { method: 'POST', json: { name } }, words().saved.added(name))
            .then((isDone) => isDone && form.reset())
        }}
      >
        <input
          name="name"
          type="text"
          aria-label={words().addName}
          placeholder={words().addName}
          maxLength={120}
          autocomplete="off"
        />
        <button type="submit" class="button">
          {words().add}
        </button>
      </form>
      {problem !== null && <ProblemNote problem={problem} onRetry={() => pages.refresh()} />}
      {total === null && problem === null && <Waiting what={words().loading} />}
      {total === 0 && <p class="nothing">{words().none}</p>}
      {total !== null && total > 0 && (
        <Grid
          label={words().tabs.groups}
          columns={columns}
          rows={pages}
          total={total}
          sort={{ by: '', isDescending: false }}
          onSort={() => undefined}
          selection={NOTHING}
          onSelect={null}
          onOpen={(group) => {
            opened.value = group
          }}
          onMove={(from, gap) => void move(from, gap)}
          onUndo={() => void edits.undo()}
          isMarked={() => false}
          handle={handle}
        />
      )}
      <p class="screen-keys">{words().keys}</p>
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
      {opened.value !== null && (
        <GroupDrawer
          group={opened.value}
          edits={edits}
          onClose={() => {
            opened.value = null
            handle.current?.focus()
          }}
        />
      )}
    </>
  )
}
