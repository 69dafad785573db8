import { useSignal } from '@preact/signals'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { order } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { ChannelChoice } from './channel-choice.tsx'
import { words } from './words.ts'

const KINDS = ['slate', 'live'] as const

/** Something else at once, above the whole plan; and the way back. */
export function OverrideDialog({
  id,
  isRunning,
  onDone,
  onClose,
}: {
  /** Of the schedule. */
  id: string
  isRunning: boolean
  onDone: () => void
  onClose: () => void
}) {
  const toasts = useToasts()
  const kind = useSignal<(typeof KINDS)[number]>('slate')
  const channel = useSignal<string | null>(null)
  const problem = useSignal<Problem | null>(null)
  const texts = words().override
  const path = `/api/v1/schedules/${encodeURIComponent(id)}/override`
  const attempt = async (work: () => Promise<void>, said: string) => {
    try {
      await work()
      toasts.show({ text: said })
      onDone()
      onClose()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  const start = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const minutes = Number(fields.get('minutes') ?? '')
    const now = Date.now()
    const json = {
      id: `now-${now.toString(36)}`,
      from: now,
      ...(minutes > 0 && { until: now + minutes * 60_000 }),
      show: kind.peek() === 'slate' ? { text: String(fields.get('text') ?? '').trim() } : { channel: channel.peek() },
    }
    return attempt(() => order(path, { method: 'POST', json }), texts.started)
  }
  return (
    <Dialog
      title={texts.title}
      open
      onClose={onClose}
      actions={
        <>
          {isRunning && (
            <button
              type="button"
              class="button"
              onClick={() => void attempt(() => order(path, { method: 'DELETE' }), texts.ended)}
            >
              {texts.end}
            </button>
          )}
          <button
            type="submit"
            form="override-form"
            class="button button-danger"
            disabled={kind.value === 'live' && channel.value === null}
          >
            {texts.start}
          </button>
        </>
      }
    >
      <form
        id="override-form"
        class="plain"
        onSubmit={(event) => {
          event.preventDefault()
          void start(event.currentTarget)
        }}
      >
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        {isRunning && <p class="note">{texts.running}</p>}
        <p>{texts.lead}</p>
        <fieldset class="new-what">
          <legend class="label">{texts.kind}</legend>
          {KINDS.map((one) => (
            <label key={one} class="choice">
              <input
                type="radio"
                name="kind"
                checked={kind.value === one}
                onChange={() => {
                  kind.value = one
                }}
              />
              <span>{texts.kinds[one]}</span>
            </label>
          ))}
        </fieldset>
        {kind.value === 'slate' ? (
          <label class="field">
            <span class="label">{texts.text}</span>
            <input name="text" type="text" required maxLength={500} autocomplete="off" />
          </label>
        ) : (
          <ChannelChoice
            value={channel.value}
            onChoose={(next) => {
              channel.value = next
            }}
          />
        )}
        <label class="field">
          <span class="label">{texts.minutes}</span>
          <input name="minutes" type="number" min={1} max={10_080} />
          <span class="help">{texts.minutesHelp}</span>
        </label>
      </form>
    </Dialog>
  )
}
