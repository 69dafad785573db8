import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect, useMemo } from 'preact/hooks'
import { at, without } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { CategoriesAnswer, ShelvesAnswer } from '../films/answers.ts'
import type { Entry, Kind } from '../films/answers.ts'
import { openEntries } from '../films/entry-pages.ts'
import { PosterWall } from '../films/poster-wall.tsx'
import { TitleCard } from '../films/title-card.tsx'
import { words } from '../films/words.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Shell } from '../parts/shell.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { WatchersOnly } from '../parts/watchers-only.tsx'
import '../films/films.css'

type Named = { readonly id: string; readonly name: string }

// One request a pause in typing, not one a key.
const PAUSE_MS = 250

/** Films (`/movies`) and series (`/series`) of all sources that have some. */
export function FilmsPage() {
  return (
    <WatchersOnly title={words().signIn}>
      <Films />
    </WatchersOnly>
  )
}

function Films() {
  const kind: Kind = without(useLocation().path) === '/series' ? 'series' : 'film'
  const title = kind === 'film' ? words().films : words().series
  const shelves = useSignal<readonly Named[] | null>(null)
  const problem = useSignal<Problem | null>(null)
  const source = useSignal<string | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    ask('/api/v1/vod', ShelvesAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        shelves.value = items
        source.value ??= items[0]?.id ?? null
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [shelves, problem, source])
  const isAdmin = useHouse().session.value?.role === 'admin'
  return (
    <Shell title={title}>
      <div class="films">
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        {shelves.value === null && problem.value === null && <Waiting what={words().loading} />}
        {shelves.value?.length === 0 && (
          <>
            <h1>{title}</h1>
            <p class="nothing">
              {words().noShelf} {isAdmin && <a href={at('/sources')}>{words().toSources}</a>}
            </p>
          </>
        )}
        {source.value !== null && (
          <Shelf
            key={`${source.value} ${kind}`}
            title={title}
            kind={kind}
            source={source.value}
            shelves={shelves.value ?? []}
            onSource={(id) => {
              source.value = id
            }}
          />
        )}
      </div>
    </Shell>
  )
}

function Shelf({
  title,
  kind,
  source,
  shelves,
  onSource,
}: {
  title: string
  kind: Kind
  source: string
  shelves: readonly Named[]
  onSource: (id: string) => void
}) {
  const categories = useSignal<readonly Named[]>([])
  const category = useSignal<string | null>(null)
  const typed = useSignal('')
  const q = useSignal('')
  const opened = useSignal<Entry | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    // Categories are an extra: a shelf without them is still whole.
    ask(`/api/v1/vod/${encodeURIComponent(source)}/categories?kind=${kind}`, CategoriesAnswer, {
      signal: stop.signal,
    }).then(
      ({ items }) => {
        categories.value = items
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [source, kind, categories])
  const wish = typed.value.trim()
  useEffect(() => {
    const timer = setTimeout(() => {
      q.value = wish
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [wish, q])
  const pages = useMemo(
    () => openEntries({ source, kind, category: category.value, q: q.value }),
    [source, kind, category.value, q.value],
  )
  useEffect(() => () => pages.close(), [pages])
  const total = pages.total.value
  const problem = pages.problem.value
  return (
    <>
      <div class="films-tools">
        <h1>{title}</h1>
        <span class="films-count" role="status">
          {total === null ? '' : words().found(total)}
        </span>
        {shelves.length > 1 && (
          <select aria-label={words().source} value={source} onChange={(event) => onSource(event.currentTarget.value)}>
            {shelves.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        {categories.value.length > 1 && (
          <select
            aria-label={words().category}
            value={category.value ?? ''}
            onChange={(event) => {
              category.value = event.currentTarget.value === '' ? null : event.currentTarget.value
            }}
          >
            <option value="">{words().allCategories}</option>
            {categories.value.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        <div class="search" role="search">
          <Icon name="search" />
          <input
            type="search"
            placeholder={words().search}
            aria-label={words().search}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => {
              typed.value = event.currentTarget.value
            }}
          />
        </div>
      </div>
      {problem !== null && <ProblemNote problem={problem} onRetry={() => pages.refresh()} />}
      {total === null && problem === null && <Waiting what={words().loading} />}
      {total === 0 && <p class="nothing">{words().none}</p>}
      {total !== null && total > 0 && (
        <PosterWall
          pages={pages}
          total={total}
          onOpen={(entry) => {
            opened.value = entry
          }}
        />
      )}
      {opened.value !== null && (
        <TitleCard
          key={opened.value.id}
          source={source}
          entry={opened.value}
          onClose={() => {
            opened.value = null
          }}
        />
      )}
    </>
  )
}
