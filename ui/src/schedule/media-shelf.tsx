import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { ask } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { formatSpan } from '../text/format.ts'
import { MediaListAnswer, SeriesListAnswer } from './answers.ts'
import type { MediaAnswer, SeriesAnswer } from './answers.ts'
import type { Wish } from './slot-edits.ts'
import { makeLoad } from './week-drag.ts'
import { words } from './words.ts'

/** Entries of each part; more are found by search. */
const MOST = 40
const TYPING_MS = 250

/** One thing that can be put into the week. */
type Entry = { readonly key: string; readonly name: string; readonly note: string; readonly wish: Wish }

/** The library beside the week: whole shelves, series and files, dragged to a time or put there by a button. */
export function MediaShelf({ library, onPut }: { library: string; onPut: (wish: Wish, name: string) => void }) {
  const typed = useSignal('')
  const series = useSignal<readonly SeriesAnswer[]>([])
  const files = useSignal<{ readonly total: number; readonly items: readonly MediaAnswer[] }>({ total: 0, items: [] })
  const q = typed.value.trim()
  useEffect(() => {
    const stop = new AbortController()
    ask(`/api/v1/media/series?library=${encodeURIComponent(library)}`, SeriesListAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        series.value = items
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [library, series])
  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(
      () => {
        const query = new URLSearchParams({ library, limit: String(MOST), state: 'playable' })
        // Episodes are reached by their series.
        if (q === '') query.set('kind', 'film')
        else query.set('q', q)
        ask(`/api/v1/media?${query.toString()}`, MediaListAnswer, { signal: stop.signal }).then(
          (answer) => {
            files.value = answer
          },
          () => undefined,
        )
      },
      q === '' ? 0 : TYPING_MS,
    )
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [library, q, files])
  const texts = words().library
  const folded = q.toLocaleLowerCase()
  const found = series.value.filter(({ name }) => name.toLocaleLowerCase().includes(folded))
  const isNothing = q !== '' && found.length === 0 && files.value.items.length === 0
  return (
    <aside class="media-shelf" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label={texts.search}
          placeholder={texts.search}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value
          }}
        />
      </label>
      <p class="help">{texts.drag}</p>
      {isNothing && <p class="nothing">{texts.none}</p>}
      {q === '' && <Entries entries={shelves()} onPut={onPut} />}
      {found.length > 0 && <h3>{texts.series}</h3>}
      <Entries entries={found.slice(0, MOST).map(ofSeries)} onPut={onPut} />
      <More count={found.length - MOST} />
      {files.value.items.length > 0 && <h3>{texts.files}</h3>}
      <Entries entries={files.value.items.map(ofFile)} onPut={onPut} />
      <More count={files.value.total - files.value.items.length} />
    </aside>
  )
}

function More({ count }: { count: number }) {
  return count > 0 ? <p class="help">{words().library.more(count)}</p> : null
}

function Entries({ entries, onPut }: { entries: readonly Entry[]; onPut: (wish: Wish, name: string) => void }) {
  return (
    <ul class="plain media-entries">
      {entries.map((entry) => (
        <EntryRow key={entry.key} entry={entry} onPut={onPut} />
      ))}
    </ul>
  )
}

function EntryRow({ entry, onPut }: { entry: Entry; onPut: (wish: Wish, name: string) => void }) {
  const element = useRef<HTMLLIElement>(null)
  const { name, note, wish, key } = entry
  const held = useRef(wish)
  held.current = wish
  useEffect(
    () =>
      element.current === null ? undefined : makeLoad(element.current, () => ({ kind: 'wish', wish: held.current })),
    [key],
  )
  return (
    <li class="media-entry" ref={element}>
      <Icon name="drag" />
      <span class="media-name">
        {name}
        <small>{note}</small>
      </span>
      <button
        type="button"
        class="button button-quiet button-icon"
        aria-label={words().library.put(name)}
        onClick={() => onPut(wish, name)}
      >
        <Icon name="plus" />
      </button>
    </li>
  )
}

function shelves(): readonly Entry[] {
  const { all, kinds } = words().library
  return [
    {
      key: 'films',
      name: all.films,
      note: kinds.film,
      wish: { kind: 'query', name: 'films', query: { kinds: ['film'] }, mode: 'shuffle' },
    },
    {
      key: 'series',
      name: all.series,
      note: kinds.episode,
      wish: { kind: 'query', name: 'series', query: { kinds: ['episode'] }, mode: 'rotate' },
    },
    {
      key: 'fillers',
      name: all.fillers,
      note: kinds.filler,
      wish: { kind: 'query', name: 'fillers', query: { kinds: ['filler'] }, mode: 'shuffle' },
    },
  ]
}

const ofSeries = ({ name, episodes }: SeriesAnswer): Entry => ({
  key: `series/${name}`,
  name,
  note: words().library.episodes(episodes),
  wish: { kind: 'query', name, query: { kinds: ['episode'], series: [name] }, mode: 'sequence' },
})

function ofFile({ id, title, series, season, episode, year, kind, durationMs }: MediaAnswer): Entry {
  const number = season === null || episode === null ? null : `${season}×${String(episode).padStart(2, '0')}`
  const facts = [
    series ?? words().library.kinds[kind],
    number,
    year === null ? null : String(year),
    durationMs === null ? null : formatSpan(durationMs / 1000),
  ]
  return {
    key: id,
    name: title,
    note: facts.filter((fact) => fact !== null).join(' · '),
    wish: { kind: 'media', name: title, item: id },
  }
}
