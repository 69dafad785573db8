import { useSignal } from '@preact/signals'
import { SEVERITIES } from '../../../core/alerts/rule.ts'
import { LANGUAGES } from '../../../core/alerts/texts.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { order } from '../api/request.ts'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import type { TargetShown } from './answers.ts'
import { KindsField } from './kinds-field.tsx'
import { words } from './words.ts'

const KINDS = ['webhook', 'ntfy', 'email'] as const
const SECURITY = ['starttls', 'tls', 'none'] as const

/** A drawer with one target; null: a new one. */
export function TargetForm({
  target,
  onClose,
  onSaved,
}: {
  target: TargetShown | null
  onClose: () => void
  onSaved: () => void
}) {
  const toasts = useToasts()
  const kind = useSignal(target?.kind ?? 'ntfy')
  const problem = useSignal<Problem | null>(null)
  const mail = target?.kind === 'email' ? target : null
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const json = bodyOf(new FormData(event.currentTarget), kind.value)
    try {
      if (target === null) await order('/api/v1/alerts/targets', { method: 'POST', json })
      else await order(`/api/v1/alerts/targets/${encodeURIComponent(target.id)}`, { method: 'PUT', json })
      toasts.show({ text: words().saved(json.name) })
      onSaved()
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  const secretName = { webhook: words().secretWebhook, ntfy: words().secretNtfy, email: words().password }[kind.value]
  return (
    <Dialog side open title={target === null ? words().newTarget : words().editNamed(target.name)} onClose={onClose}>
      <form class="target-form" onSubmit={(event) => void save(event)}>
        {problem.value !== null && <ProblemNote problem={problem.value} />}
        {target === null && (
          <label class="field">
            <span>{words().kind}</span>
            <select
              value={kind.value}
              onChange={({ currentTarget }) => {
                kind.value = KINDS.find((one) => one === currentTarget.value) ?? 'ntfy'
              }}
            >
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {words().kindNames[one]}
                </option>
              ))}
            </select>
          </label>
        )}
        <Text name="name" label={words().name} value={target?.name ?? ''} required />
        {kind.value === 'email' ? (
          <>
            <Text name="host" label={words().host} value={mail?.host ?? ''} required />
            <Text name="port" label={words().port} value={String(mail?.port ?? 587)} type="number" required />
            <label class="field">
              <span>{words().security}</span>
              <select name="security" value={mail?.security ?? 'starttls'}>
                {SECURITY.map((one) => (
                  <option key={one} value={one}>
                    {one === 'none' ? '–' : one.toUpperCase()}
                  </option>
                ))}
              </select>
            </label>
            <Text name="username" label={words().username} value={mail?.username ?? ''} />
            <Text name="from" label={words().from} value={mail?.from ?? ''} type="email" required />
            <Text name="to" label={words().to} value={mail?.to.join(', ') ?? ''} required />
          </>
        ) : (
          <Text
            name="url"
            label={words().url}
            help={target === null ? (kind.value === 'ntfy' ? words().topic : '') : words().urlKept(target.shownHost)}
            type="url"
            value=""
            required={target === null}
          />
        )}
        <Text
          name="secret"
          label={secretName}
          help={target?.hasSecret === true ? words().secretKept : ''}
          type="password"
          value=""
        />
        <label class="field">
          <span>{words().least}</span>
          <select name="leastSeverity" value={target?.leastSeverity ?? 'warning'}>
            {SEVERITIES.map((one) => (
              <option key={one} value={one}>
                {words().severities[one]}
              </option>
            ))}
          </select>
        </label>
        <KindsField kinds={target?.kinds ?? null} />
        <label class="field">
          <span>{words().language}</span>
          <select name="language" value={target?.language ?? 'en'}>
            {LANGUAGES.map((one) => (
              <option key={one} value={one}>
                {words().languages[one]}
              </option>
            ))}
          </select>
        </label>
        <Text name="digest" label={words().digest} type="number" value={String(target?.digestMinutes ?? 0)} />
        <div class="target-quiet">
          <Text name="quietFrom" label={words().quietFrom} type="time" value={target?.quietHours?.from ?? ''} />
          <Text name="quietTo" label={words().quietTo} type="time" value={target?.quietHours?.to ?? ''} />
        </div>
        <Text name="allowHosts" label={words().allowHosts} value={target?.allowHosts.join(', ') ?? ''} />
        <label class="rule-name">
          <input type="checkbox" name="tellResolved" defaultChecked={target?.tellResolved ?? true} />
          {words().tellResolved}
        </label>
        <label class="rule-name">
          <input type="checkbox" name="enabled" defaultChecked={target?.enabled ?? true} />
          {words().on}
        </label>
        <div class="card-actions">
          <button type="button" class="button button-quiet" onClick={onClose}>
            {words().cancel}
          </button>
          <button type="submit" class="button button-strong">
            {words().save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Text({
  name,
  label,
  value,
  help = '',
  type = 'text',
  required = false,
}: {
  name: string
  label: string
  value: string
  help?: string
  type?: InputType
  required?: boolean
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <Input type={type} {...{ name, defaultValue: value, required }} />
      {help !== '' && <small class="help">{help}</small>}
    </label>
  )
}

type InputType = 'text' | 'url' | 'email' | 'password' | 'number' | 'time'

/** Every type has attributes of its own, so that they are spelt out. */
function Input({ type, ...rest }: { type: InputType; name: string; defaultValue: string; required: boolean }) {
  if (type === 'password') return <input type="password" autocomplete="new-password" {...rest} />
  if (type === 'number') return <input type="number" min="0" {...rest} />
  if (type === 'email') return <input type="email" autocomplete="off" {...rest} />
  if (type === 'url') return <input type="url" autocomplete="off" {...rest} />
  if (type === 'time') return <input type="time" {...rest} />
  return <input type="text" autocomplete="off" {...rest} />
}

/** What is sent: an address or a key that was left empty stays as it is. */
function bodyOf(form: FormData, kind: TargetShown['kind']) {
  const text = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value.trim() : ''
  }
  const list = (name: string): readonly string[] =>
    text(name)
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
  const [from, to] = [text('quietFrom'), text('quietTo')]
  return {
    kind,
    name: text('name'),
    enabled: form.has('enabled'),
    leastSeverity: text('leastSeverity'),
    kinds: text('hears') === 'some' ? form.getAll('kinds') : null,
    tellResolved: form.has('tellResolved'),
    language: text('language'),
    digestMinutes: Number(text('digest')),
    quietHours: from === '' || to === '' ? null : { from, to },
    allowHosts: list('allowHosts'),
    ...(text('secret') !== '' && { secret: text('secret') }),
    ...(kind === 'email'
      ? {
          host: text('host'),
          port: Number(text('port')),
          security: text('security'),
          username: text('username'),
          from: text('from'),
          to: list('to'),
        }
      : text('url') !== '' && { url: text('url') }),
  }
}
