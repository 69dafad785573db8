import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { failureText } from '../text/failures.ts'
import { formatClock } from '../text/format.ts'
import { ChoicesAnswer } from './answers.ts'
import type { Running, StreamChoice } from './answers.ts'
import { words } from './words.ts'

/** A button that shows the streams of a running channel in order of fail-over, and goes on with the one that is chosen. */
export function StreamPicker({ stream }: { stream: Running }) {
  const isOpen = useSignal(false)
  const close = () => {
    isOpen.value = false
  }
  return (
    <>
      <button
        type="button"
        class="button"
        aria-label={words().chooseNamed(stream.channelName)}
        aria-haspopup="dialog"
        onClick={() => {
          isOpen.value = true
        }}
      >
        {words().choose}
      </button>
      <Dialog title={words().choicesOf(stream.channelName)} open={isOpen.value} onClose={close}>
        <Choices stream={stream} onDone={close} />
      </Dialog>
    </>
  )
}

function Choices({ stream, onDone }: { stream: Running; onDone: () => void }) {
  const toasts = useToasts()
  const choices = useSignal<readonly StreamChoice[] | null>(null)
  const problem = useSignal<Problem | null>(null)
  const isBusy = useSignal(false)
  const path = `/api/v1/streams/${encodeURIComponent(stream.id)}`
  // Asked again when another stream plays: the relay may have moved on by itself.
  useEffect(() => {
    const stop = new AbortController()
    ask(`${path}/choices`, ChoicesAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        choices.value = items
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [path, stream.streamId, stream.state, choices, problem])
  const play = async ({ id, name }: StreamChoice) => {
    isBusy.value = true
    try {
      await order(`${path}/switch`, { method: 'POST', json: { streamId: id } })
      toasts.show({ text: words().switchingTo(stream.channelName, name) })
      onDone()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    } finally {
      isBusy.value = false
    }
  }
  return (
    <>
      <p class="help">{words().choicesLead}</p>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {choices.value === null && problem.value === null && <Waiting what={words().choicesLoading} />}
      {choices.value?.length === 1 && <p class="nothing">{words().onlyOne}</p>}
      <ol class="plain stream-choices">
        {choices.value?.map((choice) => (
          <li key={choice.id}>
            <span class="stream-choice">
              <strong>{choice.name}</strong>
              <small>{[choice.sourceName, ...pastOf(choice)].join(' · ')}</small>
            </span>
            {choice.isPlaying ? (
              <span class="state state-good">{words().playing}</span>
            ) : (
              <button
                type="button"
                class="button"
                aria-label={words().playNamed(choice.name, choice.sourceName)}
                disabled={isBusy.value}
                onClick={() => void play(choice)}
              >
                {words().play}
              </button>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

/** How a stream has fared, in words; nothing of one that has never failed. */
function pastOf({ failure, avoidedUntil }: StreamChoice): readonly string[] {
  if (failure === null) return []
  const why = failureText(failure.code)?.title ?? failure.code
  return [
    words().failed(formatClock(failure.at), why),
    ...(avoidedUntil === null ? [] : [words().avoided(formatClock(avoidedUntil))]),
  ]
}
