import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { GroupsAnswer } from '../api/answers.ts'
import { useHouse } from '../api/house.ts'
import { ask } from '../api/request.ts'
import { ChannelList } from '../lineup/channel-list.tsx'
import type { ListHandle } from '../lineup/channel-list.tsx'
import { openChannelPages } from '../lineup/channel-pages.ts'
import type { ChannelFilter } from '../lineup/channel-pages.ts'
import { FirstSource } from '../lineup/first-source.tsx'
import { GroupChips } from '../lineup/group-chips.tsx'
import { OnYourTv } from '../lineup/on-your-tv.tsx'
import { SearchField } from '../lineup/search-field.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Shell } from '../parts/shell.tsx'
import { SignIn } from '../parts/sign-in.tsx'
import { useNow } from '../parts/use-now.ts'
import { Waiting } from '../parts/waiting.tsx'
import { at } from '../api/base.ts'
import { words } from '../lineup/words.ts'

/** What is on: the channels, a search, and the way to a television. */
export function HomePage() {
  const session = useHouse().session.value
  if (session?.mayWatch === true) return <Watch />
  return (
    <Shell title={words().signIn}>
      <section class="sheet sheet-narrow">
        {session?.setupNeeded === true ? (
          <>
            <h1>{words().welcome}</h1>
            <p class="lead">{words().welcomeLead}</p>
            <a class="button button-strong" href={at('/setup')}>
              {words().setUp}
            </a>
          </>
        ) : (
          <>
            <h1>{words().signInToWatch}</h1>
            <SignIn />
          </>
        )}
      </section>
    </Shell>
  )
}

function Watch() {
  const session = useHouse().session.value
  const filter = useSignal<ChannelFilter>({ q: '', group: null })
  const groups = useSignal<readonly { name: string; channels: number }[]>([])
  const { q, group } = filter.value
  const pages = useMemo(() => openChannelPages({ q, group }, Date.now), [q, group])
  useEffect(() => () => pages.close(), [pages])
  useEffect(() => {
    // Chips are an extra: a list without them is still whole.
    ask('/api/v1/groups', GroupsAnswer).then(
      (answer) => {
        groups.value = answer.items
      },
      () => undefined,
    )
  }, [groups])
  const list = useRef<ListHandle | null>(null)
  const now = useNow(20_000)
  const total = pages.total.value
  const problem = pages.problem.value
  // A house that is still starting says when to ask again.
  useEffect(() => {
    if (problem === null || total !== null) return
    const timer = setTimeout(() => pages.refresh(), (problem.retryAfterSeconds ?? 5) * 1000)
    return () => clearTimeout(timer)
  }, [problem, total, pages])
  const unfiltered = q === '' && group === null

  return (
    <Shell title={words().whatIsOn}>
      <div class="home">
        <h1 class="visually-hidden">{words().whatIsOn}</h1>
        {session?.setupNeeded === true && (
          <p class="note">
            <Icon name="info" />
            <span class="note-text">
              {words().noOwner} <a href={at('/setup')}>{words().makeItYours}</a>
            </span>
          </p>
        )}
        <div class="finder" hidden={total === 0 && unfiltered}>
          <SearchField
            total={total}
            onSearch={(text) => {
              filter.value = { ...filter.peek(), q: text }
            }}
            onDown={() => list.current?.enter()}
          />
          <GroupChips
            groups={groups.value}
            chosen={group}
            onChoose={(name) => {
              filter.value = { ...filter.peek(), group: name }
            }}
          />
        </div>
        <div class="home-list">
          {problem !== null && total === null && <ProblemNote problem={problem} onRetry={() => pages.refresh()} />}
          {total === null && problem === null && <Waiting what={words().loading} />}
          {total === 0 &&
            (unfiltered ? (
              <FirstSource onLook={() => pages.refresh()} />
            ) : (
              <p class="nothing">
                {words().nothing(q, group ?? '')}{' '}
                <button
                  type="button"
                  class="link"
                  onClick={() => {
                    filter.value = { q: '', group: null }
                  }}
                >
                  {words().showAll}
                </button>
              </p>
            ))}
          {total !== null && total > 0 && (
            <ChannelList pages={pages} total={total} now={now} handle={list} key={`${q}\n${group}`} />
          )}
        </div>
        <OnYourTv />
      </div>
    </Shell>
  )
}
