import { useSignal } from '@preact/signals'
import { order } from '../api/request.ts'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { useNow } from '../parts/use-now.ts'
import { Waiting } from '../parts/waiting.tsx'
import { AddSource } from '../sources/add-source.tsx'
import type { SourceAnswer } from '../sources/answers.ts'
import { FeedList } from '../sources/feed-list.tsx'
import { removeEntry } from '../sources/removal.ts'
import { SourceCard } from '../sources/source-card.tsx'
import type { SourceActions } from '../sources/source-card.tsx'
import { SourceDrawer } from '../sources/source-drawer.tsx'
import { useSources } from '../sources/use-sources.ts'
import { words } from '../sources/words.ts'
import '../sources/sources.css'

/** Where channels and programmes come from: sources and guides, for the owner. */
export function SourcesPage() {
  return (
    <AdminsOnly title={words().title}>
      <Sources />
    </AdminsOnly>
  )
}

function Sources() {
  const { sources, feeds, jobs, problem, reload } = useSources()
  const toasts = useToasts()
  const now = useNow(20_000)
  const adding = useSignal(false)
  const open = useSignal<SourceAnswer | null>(null)
  const leaving = useSignal<readonly string[]>([])
  const pathOf = ({ id }: SourceAnswer) => `/api/v1/sources/${encodeURIComponent(id)}`
  const attempt = (what: Promise<void>) => {
    what.then(reload, (thrown: unknown) => toasts.fail(thrown))
  }
  const setEnabled = (source: SourceAnswer, enabled: boolean) =>
    order(pathOf(source), { method: 'PATCH', json: { enabled } })
  const actions: SourceActions = {
    edit: (source) => {
      open.value = source
    },
    refresh: (source, acceptShrunk) => {
      attempt(
        order(`${pathOf(source)}/refresh`, { method: 'POST', json: { acceptShrunk } }).then(() =>
          toasts.show({ text: words().refreshing(source.name) }),
        ),
      )
    },
    toggle: (source) => {
      const isOn = source.state !== 'disabled'
      attempt(
        setEnabled(source, !isOn).then(() =>
          toasts.show({
            text: isOn ? words().off(source.name) : words().on(source.name),
            undo: async () => {
              await setEnabled(source, isOn)
              reload()
            },
          }),
        ),
      )
    },
    remove: (source) => {
      leaving.value = [...leaving.peek(), source.id]
      attempt(
        removeEntry({
          path: pathOf(source),
          text: words().removed(source.name),
          wasOn: source.state !== 'disabled',
          toasts,
          onChange: () => {
            leaving.value = leaving.peek().filter((id) => id !== source.id)
            reload()
          },
        }),
      )
    },
  }
  const shown = sources.value?.filter(({ id }) => !leaving.value.includes(id)) ?? null
  return (
    <div class="page sources">
      <header class="page-head">
        <div>
          <h1>{words().title}</h1>
          <p class="lead">{words().lead}</p>
        </div>
        <button
          type="button"
          class="button button-strong"
          onClick={() => {
            adding.value = true
          }}
        >
          <Icon name="plus" /> {words().add}
        </button>
      </header>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={reload} />}
      {shown === null && problem.value === null && <Waiting what={words().loading} />}
      {shown !== null && shown.length === 0 && <p class="nothing">{words().none}</p>}
      {shown !== null && shown.length > 0 && (
        <ul class="cards">
          {shown.map((source) => (
            <SourceCard
              key={source.id}
              source={source}
              job={jobs.value.get(source.id) ?? null}
              now={now}
              actions={actions}
            />
          ))}
        </ul>
      )}
      {shown !== null && (
        <FeedList feeds={feeds.value} jobs={jobs.value} taken={shown.map(({ id }) => id)} now={now} onChange={reload} />
      )}
      <Dialog
        title={words().adding.title}
        open={adding.value}
        side
        wide
        onClose={() => {
          adding.value = false
        }}
      >
        <AddSource
          onAdded={() => {
            adding.value = false
            reload()
          }}
        />
      </Dialog>
      {open.value !== null && (
        <SourceDrawer
          key={open.value.id}
          id={open.value.id}
          name={open.value.name}
          onSaved={reload}
          onClose={() => {
            open.value = null
          }}
        />
      )}
    </div>
  )
}
