import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useHouse } from '../api/house.ts'
import type { Problem } from '../api/problem.ts'
import { asProblem } from '../api/problem.ts'
import { order } from '../api/request.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { words } from './words.ts'

// The house starts anew within seconds; then it has an owner.
const LOOK_EVERY_MS = 1500

/** Instead of an account: a backup takes the place of this house, with the same code. */
export function RestorePart() {
  const house = useHouse()
  const problem = useSignal<Problem | null>(null)
  const phase = useSignal<'asking' | 'sending' | 'starting'>('asking')
  const say = words().restore
  useEffect(() => {
    if (phase.value !== 'starting') return
    const timer = setInterval(() => void house.reload(), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [phase.value, house])
  const send = async (form: HTMLFormElement) => {
    const data = new FormData(form)
    const file = data.get('file')
    const passphrase = String(data.get('passphrase') ?? '')
    if (!(file instanceof File)) return
    phase.value = 'sending'
    problem.value = null
    try {
      await order('/api/v1/system/restore', {
        method: 'POST',
        file,
        headers: {
          'X-Setup-Code': String(data.get('code') ?? '').trim(),
          ...(passphrase !== '' && { 'X-Backup-Passphrase': encodeURIComponent(passphrase) }),
        },
      })
      phase.value = 'starting'
    } catch (thrown) {
      problem.value = asProblem(thrown)
      phase.value = 'asking'
    }
  }
  if (phase.value === 'starting') return <Waiting what={say.starting} />
  return (
    <details class="form-more">
      <summary>{say.title}</summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void send(event.currentTarget)
        }}
      >
        <p class="help">{say.lead}</p>
        <label class="field">
          <span class="label">{words().account.code}</span>
          <input type="text" name="code" required autocomplete="one-time-code" spellcheck={false} />
        </label>
        <label class="field">
          <span class="label">{say.file}</span>
          <input type="file" name="file" required accept=".gz,.locked,application/gzip" />
        </label>
        <label class="field">
          <span class="label">{say.passphrase}</span>
          <input type="password" name="passphrase" autocomplete="off" />
        </label>
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        <button class="button" disabled={phase.value === 'sending'}>
          {phase.value === 'sending' ? say.sending : say.send}
        </button>
      </form>
    </details>
  )
}
