import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { StatusAnswer } from '../api/answers.ts'
import { ask } from '../api/request.ts'
import { pollWhileVisible } from '../api/poll.ts'

const EXAMPLE = `sources:
  - id: receiver
    kind: enigma2
    url: http://192.168.1.20
`

/** What to do when there is no channel: the first source, or what keeps the sources there are from answering. */
export function FirstSource({ onLook }: { onLook: () => void }) {
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
        <h2>No channels yet</h2>
        <p class="lead">
          {failing.length > 0
            ? 'A source is configured but has a problem:'
            : 'The sources are being read. Channels appear here as soon as they are known; large lists take a moment.'}
        </p>
        <ul class="plain">
          {failing.map((source) => (
            <li key={source.id}>
              <strong>{source.name}</strong>: {source.problem?.title}
              {source.problem?.advice != null && <>. {source.problem.advice}</>}
            </li>
          ))}
        </ul>
        <a class="button" href="/status">
          To the status
        </a>
      </section>
    )
  }
  return (
    <section class="sheet">
      <h2>Add your first source</h2>
      <p class="lead">
        downlink has no source of channels yet. Write one into <code>downlink.yaml</code> in its folder and start it
        again:
      </p>
      <pre tabIndex={0} aria-label="Example for downlink.yaml">
        <code>{EXAMPLE}</code>
      </pre>
      <p>
        This is a satellite receiver with Enigma2 (Dreambox, Vu+, …); add <code>username</code> and{' '}
        <code>password</code> if its web interface asks for them.
      </p>
      <p>
        No receiver at hand? <code>npm run demo</code> starts downlink with a simulated one.
      </p>
    </section>
  )
}
