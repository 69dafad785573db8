import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { NewTokenAnswer, TokensAnswer } from '../api/answers.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask, order } from '../api/request.ts'
import { CopyField } from '../parts/copy-field.tsx'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { QrCode } from '../parts/qr.tsx'
import { tvAddresses } from './addresses.ts'
import { words } from './words.ts'

type Link = { readonly id: string; readonly name: string; readonly lastSeen: number | null }

/** For the owner: addresses with a token inside, one a device, each of which can be taken back. */
export function ViewingLinks({ base }: { base: string }) {
  const links = useSignal<readonly Link[]>([])
  const fresh = useSignal<{ readonly name: string; readonly token: string } | null>(null)
  const problem = useSignal<Problem | null>(null)
  const revoking = useSignal<string | null>(null)

  const attempt = async (what: () => Promise<void>) => {
    problem.value = null
    try {
      await what()
      const { items } = await ask('/api/v1/tokens', TokensAnswer)
      links.value = items.filter(({ kind }) => kind === 'viewing')
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  useEffect(() => void attempt(async () => undefined), [])

  const make = (form: HTMLFormElement) =>
    attempt(async () => {
      const name = String(new FormData(form).get('name') ?? '').trim()
      fresh.value = await ask('/api/v1/tokens', NewTokenAnswer, { method: 'POST', json: { name } })
      form.reset()
    })
  const revoke = (id: string) =>
    attempt(async () => {
      revoking.value = null
      await order(`/api/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' })
    })

  const address = fresh.value === null ? null : tvAddresses(base, `/t/${fresh.value.token}`).playlist
  return (
    <section class="links">
      <h3>{words().links.title}</h3>
      <p class="help">{words().links.help}</p>
      <form
        class="row row-field"
        onSubmit={(event) => {
          event.preventDefault()
          void make(event.currentTarget)
        }}
      >
        <Field label={words().links.forWhom} name="name" autocomplete="off" placeholder={words().links.example} />
        <button class="button">{words().links.make}</button>
      </form>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {address !== null && fresh.value !== null && (
        <div class="fresh" role="status">
          <p>
            <strong>{fresh.value.name}</strong>: {words().links.copyNow}
          </p>
          <QrCode text={address} label={words().links.qr(fresh.value.name)} />
          <CopyField label={words().links.playlist(fresh.value.name)} text={address} />
        </div>
      )}
      {links.value.length > 0 && (
        <ul class="plain link-list">
          {links.value.map((link) => (
            <li key={link.id}>
              <span class="link-name">
                {link.name}
                <small>{link.lastSeen === null ? words().links.notUsed : words().links.seen(link.lastSeen)}</small>
              </span>
              {revoking.value === link.id ? (
                <button type="button" class="button button-danger" onClick={() => void revoke(link.id)}>
                  {words().links.revokeForGood}
                </button>
              ) : (
                <button
                  type="button"
                  class="button button-quiet button-icon"
                  aria-label={words().links.revoke(link.name)}
                  onClick={() => {
                    revoking.value = link.id
                  }}
                >
                  <Icon name="bin" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
