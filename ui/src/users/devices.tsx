import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { formatAgo } from '../text/format.ts'
import { DeviceTokensAnswer, FreshToken, TOKEN_KINDS } from './answers.ts'
import type { DeviceToken, TokenKind } from './answers.ts'
import { FreshTokenNote } from './fresh-token.tsx'
import { words } from './words.ts'

/** The proofs of a person's devices, or of the house's own (`person` null): made, shown once, revoked. */
export function Devices({ person }: { person: string | null }) {
  const root = person === null ? '/api/v1/tokens' : `/api/v1/users/${encodeURIComponent(person)}/tokens`
  const toasts = useToasts()
  const tokens = useSignal<readonly DeviceToken[] | null>(null)
  const problem = useSignal<Problem | null>(null)
  const fresh = useSignal<FreshToken | null>(null)
  const revoking = useSignal<DeviceToken | null>(null)
  const kind = useSignal<TokenKind>('viewing')
  const kindId = useId()

  const load = async () => {
    const { items } = await ask(root, DeviceTokensAnswer)
    tokens.value = person === null ? items.filter(({ owner }) => owner === null) : items
  }
  const attempt = async (work: () => Promise<void>) => {
    problem.value = null
    try {
      await work()
      await load()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  useEffect(() => void attempt(async () => undefined), [root])

  const make = (form: HTMLFormElement) =>
    attempt(async () => {
      const name = String(new FormData(form).get('name') ?? '').trim()
      fresh.value = await ask(root, FreshToken, { method: 'POST', json: { name, kind: kind.peek() } })
      form.reset()
    })
  const revoke = ({ id, name }: DeviceToken) =>
    attempt(async () => {
      revoking.value = null
      await order(`${root}/${encodeURIComponent(id)}`, { method: 'DELETE' })
      if (fresh.peek()?.id === id) fresh.value = null
      toasts.show({ text: words().devices.revoked(name) })
    })
  const { devices } = words()
  return (
    <section class="devices">
      {person === null ? <h2>{devices.houseTitle}</h2> : <h3>{devices.title}</h3>}
      {person === null && <p class="help">{devices.houseLead}</p>}
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {tokens.value?.length === 0 && <p class="help">{devices.none}</p>}
      <ul class="plain device-list">
        {tokens.value?.map((token) => (
          <li key={token.id}>
            <Icon name={token.kind === 'viewing' ? 'tv' : 'key'} />
            <span class="device-name">
              {token.name}
              <small>
                {devices.kinds[token.kind]} ·{' '}
                {token.lastSeen === null ? devices.never : devices.seen(formatAgo(token.lastSeen, Date.now()))}
              </small>
            </span>
            <button
              type="button"
              class="button button-quiet button-icon"
              aria-label={devices.revoke(token.name)}
              onClick={() => {
                revoking.value = token
              }}
            >
              <Icon name="bin" />
            </button>
          </li>
        ))}
      </ul>
      {fresh.value !== null && (
        <FreshTokenNote
          key={fresh.value.id}
          fresh={fresh.value}
          onDone={() => {
            fresh.value = null
          }}
        />
      )}
      <form
        class="device-form"
        onSubmit={(event) => {
          event.preventDefault()
          void make(event.currentTarget)
        }}
      >
        <Field label={devices.name} name="name" autocomplete="off" placeholder={devices.example} />
        <div class="field">
          <label class="label" for={kindId}>
            {devices.kind}
          </label>
          <select
            id={kindId}
            value={kind.value}
            aria-describedby={`${kindId}-help`}
            onChange={(event) => {
              kind.value = TOKEN_KINDS.find((one) => one === event.currentTarget.value) ?? 'viewing'
            }}
          >
            {TOKEN_KINDS.filter((one) => person !== null || one !== 'app').map((one) => (
              <option key={one} value={one}>
                {devices.kinds[one]}
              </option>
            ))}
          </select>
          <p class="help" id={`${kindId}-help`}>
            {devices.kindHelp[kind.value]}
          </p>
        </div>
        <button class="button">{devices.make}</button>
      </form>
      {revoking.value !== null && (
        <Confirm
          title={devices.revokeTitle(revoking.value.name)}
          text={devices.revokeText}
          action={devices.revokeNow}
          keep={words().keep}
          onDo={() => revoking.value !== null && void revoke(revoking.value)}
          onClose={() => {
            revoking.value = null
          }}
        />
      )}
    </section>
  )
}
