import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect, useMemo } from 'preact/hooks'
import { at } from '../api/base.ts'
import { asProblem } from '../api/problem.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { LogEvent } from './answers.ts'
import type { LogLine } from './answers.ts'
import { FilterBar } from './filter-bar.tsx'
import { printFilter, readFilter } from './filter.ts'
import type { Filter } from './filter.ts'
import { LineDrawer } from './line-drawer.tsx'
import { LogList } from './log-list.tsx'
import { createLogSource } from './log-source.ts'
import { words } from './words.ts'

/** New lines are asked for again before the gateway forgets us. */
const FOLLOW_MS = 40_000

/** The log: filters in the address, new lines on top, each line with its facts. */
export function LogsScreen() {
  const { query, route } = useLocation()
  const filter = readFilter(query)
  const key = printFilter(filter).toString()
  const source = useMemo(() => createLogSource(filter), [key])
  const paused = useSignal(false)
  const isAtTop = useSignal(true)
  const opened = useSignal<LogLine | null>(null)
  const choose = (next: Filter) => {
    const wish = printFilter(next).toString()
    route(at(`/log${wish === '' ? '' : `?${wish}`}`), true)
  }

  useFresh(() => void source.load())
  useEffect(() => {
    const follow = () =>
      void source.follow().catch((thrown: unknown) => {
        source.problem.value = asProblem(thrown)
      })
    void source.load()
    follow()
    const timer = setInterval(follow, FOLLOW_MS)
    return () => {
      clearInterval(timer)
      source.end()
    }
  }, [source])
  useEvent('log', LogEvent, ({ lines, leftOut }) => {
    source.take(lines, leftOut)
    // Whoever reads further down keeps their place.
    if (!paused.value && isAtTop.value) source.show()
  })

  const waiting = source.held.value.length
  const problem = source.problem.value
  return (
    <div class="logs">
      <header class="logs-head">
        <h1>{words().title}</h1>
        <p class="help" role="status">
          {source.total.value === null ? '' : words().lines(source.size())}
        </p>
        <button
          type="button"
          class="button"
          aria-pressed={paused.value}
          onClick={() => {
            paused.value = !paused.value
            if (!paused.value) source.show()
          }}
        >
          <Icon name={paused.value ? 'play' : 'pause'} />
          {paused.value ? words().goOn : words().pause}
        </button>
      </header>
      <FilterBar filter={filter} onChange={choose} />
      {problem !== null && <ProblemNote problem={problem} onRetry={() => void source.load()} />}
      {source.leftOut.value > 0 && (
        <p class="logs-note">
          {words().leftOut(source.leftOut.value)}{' '}
          <button type="button" class="button" onClick={() => void source.load()}>
            {words().loadAnew}
          </button>
        </p>
      )}
      {waiting > 0 && (
        <button
          type="button"
          class="button button-strong logs-new"
          onClick={() => {
            paused.value = false
            isAtTop.value = true
            source.show()
          }}
        >
          <Icon name="up" />
          {words().newLines(waiting)}
        </button>
      )}
      {source.total.value === null ? (
        problem === null && <Waiting what={words().loading} />
      ) : source.size() === 0 ? (
        <p class="nothing">{words().nothing}</p>
      ) : (
        <LogList source={source} isAtTop={isAtTop} onOpen={(line) => (opened.value = line)} />
      )}
      <LineDrawer line={opened.value} filter={filter} onFilter={choose} onClose={() => (opened.value = null)} />
    </div>
  )
}
