import { useSignal } from '@preact/signals'
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks'
import * as v from 'valibot'
import { ChannelDetailAnswer, GroupsAnswer } from '../api/answers.ts'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { ask } from '../api/request.ts'
import type { Broadcast } from '../guide/answers.ts'
import { DayTabs } from '../guide/day-tabs.tsx'
import { GuideGrid } from '../guide/guide-grid.tsx'
import type { GuideHandle } from '../guide/guide-grid.tsx'
import { GuideSearch } from '../guide/guide-search.tsx'
import { openGuideTiles } from '../guide/guide-tiles.ts'
import { ProgrammeCard } from '../guide/programme-card.tsx'
import { hasRecorder } from '../guide/record.ts'
import { daysAround } from '../guide/time-line.ts'
import { words } from '../guide/words.ts'
import { useEvent } from '../live/use-events.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Shell } from '../parts/shell.tsx'
import { useNow } from '../parts/use-now.ts'
import { Waiting } from '../parts/waiting.tsx'
import { WatchersOnly } from '../parts/watchers-only.tsx'
import '../guide/guide.css'

const LineupEvent = v.object({ revision: v.nullish(v.string(), null) })
const DAYS = { past: 2, ahead: 8 }

/** The guide: what is on every channel, from two days ago to a week ahead. */
export function GuidePage() {
  return (
    <WatchersOnly title={words().signIn}>
      <Guide />
    </WatchersOnly>
  )
}

function Guide() {
  const session = useHouse().session.value
  const now = useNow(30_000)
  const group = useSignal<string | null>(null)
  const groups = useSignal<readonly { name: string; channels: number }[]>([])
  const opened = useSignal<Broadcast | null>(null)
  const looked = useSignal(now)
  const canRecord = useSignal(false)
  const handle = useRef<GuideHandle | null>(null)
  /** Where to go as soon as the rows of another group are there. */
  const destination = useRef<Parameters<GuideHandle['goTo']>[0] | null>(null)
  const today = new Date(now).toDateString()
  const days = useMemo(() => daysAround(now, DAYS), [today])
  const span = { from: days[0] ?? now, to: (days.at(-1) ?? now) + 24 * 3_600_000 }
  const tiles = useMemo(() => openGuideTiles(group.value, Date.now), [group.value])
  useEffect(() => () => tiles.close(), [tiles])
  const revision = useRef<string | null>(null)
  useEvent('lineup', LineupEvent, (event) => {
    if (revision.current !== null && revision.current !== event.revision) tiles.reset()
    revision.current = event.revision
  })
  useEffect(() => {
    const stop = new AbortController()
    // Without groups the guide is still whole.
    ask('/api/v1/groups', GroupsAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        groups.value = items
      },
      () => undefined,
    )
    if (session?.role === 'admin') {
      void hasRecorder(stop.signal).then((has) => {
        canRecord.value = has
      })
    }
    return () => stop.abort()
  }, [session?.role, groups, canRecord])

  const total = tiles.total.value
  const problem = tiles.problem.value
  useEffect(() => {
    if (total === null || destination.current === null) return
    handle.current?.goTo(destination.current)
    destination.current = null
  }, [total])

  const onLook = useCallback(
    (instant: number) => {
      looked.value = instant
    },
    [looked],
  )
  const showFound = (found: Broadcast) => {
    opened.value = found
    void ask(`/api/v1/channels/${encodeURIComponent(found.channelId)}`, ChannelDetailAnswer).then(
      ({ position }) => {
        const target = { at: found.programme.start, ...(position !== null && { row: position }) }
        if (group.peek() === null) return handle.current?.goTo(target)
        destination.current = target
        group.value = null
      },
      () => undefined, // the card tells all about it; only the guide behind it stays where it was
    )
  }

  return (
    <Shell title={words().title}>
      <div class="guide">
        <h1 class="visually-hidden">{words().title}</h1>
        <div class="guide-tools">
          <DayTabs
            days={days}
            looked={looked.value + 3_600_000}
            now={now}
            onNow={() => handle.current?.goTo({ at: now, focus: true })}
            onChoose={(day) => {
              // The same time of day, as one looks for it: half past eight stays half past eight.
              const shown = days.findLast((one) => one <= looked.peek() + 3_600_000) ?? day
              handle.current?.goTo({ at: day + (looked.peek() + 3_600_000 - shown) })
            }}
          />
          {groups.value.length > 1 && (
            <label class="guide-group">
              <span class="visually-hidden">{words().group}</span>
              <select
                value={group.value ?? ''}
                onChange={(event) => {
                  group.value = event.currentTarget.value === '' ? null : event.currentTarget.value
                }}
              >
                <option value="">{words().allGroups}</option>
                {groups.value.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          )}
          <GuideSearch onChoose={showFound} />
        </div>
        {problem !== null && <ProblemNote problem={problem} onRetry={() => tiles.reset()} />}
        {total === null && problem === null && <Waiting what={words().loading} />}
        {total === 0 ? (
          <p class="guide-nothing">
            {words().noChannels} {session?.role === 'admin' && <a href={at('/sources')}>{words().toSources}</a>}
          </p>
        ) : (
          <GuideGrid
            key={group.value ?? ''}
            tiles={tiles}
            span={span}
            now={now}
            handle={handle}
            onOpen={(broadcast) => {
              opened.value = broadcast
            }}
            onLook={onLook}
          />
        )}
        {opened.value !== null && (
          <ProgrammeCard
            key={`${opened.value.channelId} ${opened.value.programme.start}`}
            broadcast={opened.value}
            now={now}
            canRecord={canRecord.value}
            onClose={() => {
              opened.value = null
            }}
          />
        )}
      </div>
    </Shell>
  )
}
