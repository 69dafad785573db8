import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { StatusAnswer } from '../api/answers.ts'
import { ask } from '../api/request.ts'
import { pollWhileVisible } from '../api/poll.ts'
import { at } from '../api/base.ts'
import { useHouse } from '../api/house.ts'
import { failureText } from '../text/failures.ts'
import { words } from './words.ts'

/** What to do when there is no channel: the first source, or what keeps the sources there are from answering. */
export function FirstSource({ onLook }: { onLook: () => void }) {
  const isOwner = useHouse().session.value?.role === 'admin'
  const status = useSignal<StatusAnswer | null>(null)
  const look = useRef(onLook)
  look.current = onLook
  useEffect(
    () =>
      pollWhileVisible(4000, async (signal) => {
        look.current()
        // Only admins and this machine may read it in full; others get the general words.
        status.value = await ask('/api/status', StatusAnswer, { signal }).catch(() => null)
        return status.value !== null
      }),
    [status],
  )
  const sources = status.value?.sources
  if (sources !== undefined && sources.length > 0) {
    const failing = sources.filter((source) => source.problem !== null)
    return (
      <section class="sheet">
        <h2>{words().noChannels}</h2>
        <p class="lead">{failing.length > 0 ? words().troubledSource : words().beingRead}</p>
        <ul class="plain">
          {failing.map(({ id, name, problem }) => {
            const text = failureText(problem?.code ?? null)
            const advice = text?.advice ?? problem?.advice ?? null
            return (
              <li key={id}>
                <strong>{name}</strong>: {text?.title ?? problem?.title}
                {advice !== null && <>. {advice}</>}
              </li>
            )
          })}
        </ul>
        <a class="button" href={at('/sources')}>
          {words().toSources}
        </a>
      </section>
    )
  }
  return (
    <section class="sheet">
      <h2>{words().addFirst}</h2>
      <p class="lead">{words().addFirstLead}</p>
      {isOwner ? (
        <a class="button button-strong" href={at('/setup?step=source')}>
          {words().addFirst}
        </a>
      ) : (
        <p>{words().addFirstOwner}</p>
      )}
      <p class="help">{words().demo}</p>
    </section>
  )
}
