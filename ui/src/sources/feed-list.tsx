import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { order } from '../api/request.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { useToasts } from '../parts/toast.tsx'
import { formatAgo, formatDay } from '../text/format.ts'
import type { FeedAnswer, JobAnswer } from './answers.ts'
import { JobProgress } from './job-progress.tsx'
import { feedSchema, feedSpecs } from './kind-forms.ts'
import { freeId } from './paste.ts'
import { removeEntry } from './removal.ts'
import { ProblemLines } from '../parts/problem-lines.tsx'
import { words } from './words.ts'

/** Guide documents: those of the house to edit, those of sources to look at. */
export function FeedList({
  feeds,
  jobs,
  taken,
  now,
  onChange,
}: {
  feeds: readonly FeedAnswer[]
  jobs: ReadonlyMap<string, JobAnswer>
  /** Ids of sources: guides share their names with them. */
  taken: readonly string[]
  now: number
  onChange: () => void
}) {
  const toasts = useToasts()
  const editing = useSignal<FeedAnswer | 'new' | null>(null)
  const leaving = useSignal<readonly string[]>([])
  const say = words().guides
  const specs = useMemo(feedSpecs, [])
  const pathOf = (id: string) => `/api/v1/guide/feeds/${encodeURIComponent(id)}`
  const close = () => {
    editing.value = null
  }
  const save = async (values: Readonly<Record<string, unknown>>) => {
    const what = editing.peek()
    if (what === 'new') {
      const id = freeId('xmltv-guide', [...taken, ...feeds.map((feed) => feed.id)])
      await order('/api/v1/guide/feeds', { method: 'POST', json: { id, ...values } })
    } else if (what !== null) await order(pathOf(what.id), { method: 'PATCH', json: values })
    toasts.show({ text: words().saved })
    close()
    onChange()
  }
  const remove = (feed: FeedAnswer) => {
    leaving.value = [...leaving.peek(), feed.id]
    removeEntry({
      path: pathOf(feed.id),
      text: words().removed(feed.name),
      wasOn: feed.state !== 'disabled',
      toasts,
      onChange: () => {
        leaving.value = leaving.peek().filter((id) => id !== feed.id)
        onChange()
      },
    }).catch((thrown: unknown) => toasts.fail(thrown))
  }
  const names: Readonly<Record<string, string>> = words().states
  const shown = feeds.filter(({ id }) => !leaving.value.includes(id))
  return (
    <section aria-labelledby="guides">
      <header class="page-head">
        <div>
          <h2 id="guides">{say.title}</h2>
          <p class="help">{say.lead}</p>
        </div>
        <button
          type="button"
          class="button"
          onClick={() => {
            editing.value = 'new'
          }}
        >
          <Icon name="plus" /> {say.add}
        </button>
      </header>
      {shown.length === 0 ? (
        <p class="nothing">{say.none}</p>
      ) : (
        <ul class="cards">
          {shown.map((feed) => {
            const isOurs = feed.managedBy === 'house'
            const job = jobs.get(feed.id)
            const problem = feed.entryProblem ?? feed.problem
            return (
              <li key={feed.id} class="card source-card">
                <header class="card-head">
                  <h3>{feed.name}</h3>
                  <span class={`state state-${problem !== null ? 'bad' : feed.state === 'ready' ? 'good' : 'idle'}`}>
                    {names[feed.state] ?? feed.state}
                  </span>
                  {isOurs && (
                    <Menu
                      label={words().actions(feed.name)}
                      items={[
                        {
                          id: 'edit',
                          label: words().edit,
                          icon: 'edit',
                          run: () => {
                            editing.value = feed
                          },
                        },
                        {
                          id: 'remove',
                          label: words().remove,
                          icon: 'bin',
                          danger: true,
                          run: () => remove(feed),
                        },
                      ]}
                    />
                  )}
                </header>
                <p class="card-facts">
                  {[
                    feed.managedBy === 'source' ? say.ofSource : (feed.hosts['url'] ?? null),
                    words().channels(feed.channels),
                    words().programmes(feed.programmes),
                    feed.lastRefresh === null ? null : words().read(formatAgo(feed.lastRefresh, now)),
                    feed.from === null || feed.to === null
                      ? null
                      : say.covers(formatDay(feed.from), formatDay(feed.to)),
                  ]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </p>
                {job !== undefined && <JobProgress job={job} />}
                {problem !== null && <ProblemLines problem={problem} />}
              </li>
            )
          })}
        </ul>
      )}
      <Dialog
        title={editing.value === 'new' || editing.value === null ? say.add : editing.value.name}
        open={editing.value !== null}
        side
        onClose={close}
      >
        {editing.value !== null && (
          <SchemaForm
            schema={feedSchema}
            specs={specs}
            before={editing.value === 'new' ? null : (editing.value.entry ?? {})}
            submit={words().save}
            onSubmit={save}
          />
        )}
      </Dialog>
    </section>
  )
}
