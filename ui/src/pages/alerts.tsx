import { useSignal } from '@preact/signals'
import { AlertList } from '../alerts/alert-list.tsx'
import { AlertAnswer, AlertsAnswer, DeliveriesAnswer, RulesAnswer, TargetsAnswer } from '../alerts/answers.ts'
import type { AlertShown, DeliveryShown, RuleShown, TargetShown } from '../alerts/answers.ts'
import { RuleList } from '../alerts/rule-list.tsx'
import { TargetForm } from '../alerts/target-form.tsx'
import { TargetList } from '../alerts/target-list.tsx'
import { words } from '../alerts/words.ts'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { useEvent, useFresh } from '../live/use-events.ts'
import { Icon } from '../parts/icon.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { AdminsOnly } from '../parts/admins-only.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { failureText } from '../text/failures.ts'
import { formatDateTime } from '../text/format.ts'
import '../alerts/alerts.css'

type Known = {
  readonly alerts: readonly AlertShown[]
  readonly rules: readonly RuleShown[]
  readonly targets: readonly TargetShown[]
  readonly waiting: number
  readonly deliveries: readonly DeliveryShown[]
}

/** What is wrong and what to do, the rules behind it, who is told, and how that went. */
export function AlertsPage() {
  return (
    <AdminsOnly title={words().title}>
      <Alerts />
    </AdminsOnly>
  )
}

function Alerts() {
  const known = useSignal<Known | null>(null)
  const problem = useSignal<Problem | null>(null)
  /** The target whose form is open; null within: a new one. */
  const edited = useSignal<{ readonly target: TargetShown | null } | null>(null)
  const load = async (signal?: AbortSignal) => {
    const options = signal === undefined ? {} : { signal }
    try {
      const [{ items: alerts }, { items: rules }, { items: targets, waiting }, { items: deliveries }] =
        await Promise.all([
          ask('/api/v1/alerts', AlertsAnswer, options),
          ask('/api/v1/alerts/rules', RulesAnswer, options),
          ask('/api/v1/alerts/targets', TargetsAnswer, options),
          ask('/api/v1/alerts/deliveries?limit=20', DeliveriesAnswer, options),
        ])
      known.value = { alerts, rules, targets, waiting, deliveries }
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  useEvent('alert', AlertAnswer, () => void load())
  const now = known.value
  const open = now?.alerts.filter(({ state }) => state === 'open') ?? []
  const over = now?.alerts.filter(({ state }) => state === 'resolved') ?? []
  return (
    <div class="alerts-page">
      <div>
        <h1>{words().title}</h1>
        <p class="lead">{words().lead}</p>
      </div>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void load()} />}
      {now === null && problem.value === null && <Waiting what={words().loading} />}
      {now !== null && (
        <>
          <section aria-labelledby="open">
            <h2 id="open">{words().open}</h2>
            <div aria-live="polite">
              {open.length === 0 && <p class="nothing">{words().nothingOpen}</p>}
              <AlertList alerts={open} onSeen={() => void load()} />
            </div>
          </section>
          <section aria-labelledby="targets">
            <header class="section-head">
              <h2 id="targets">
                {words().targets} <small>{words().targetsLead}</small>
              </h2>
              <button
                type="button"
                class="button"
                onClick={() => {
                  edited.value = { target: null }
                }}
              >
                <Icon name="plus" /> {words().add}
              </button>
            </header>
            {now.targets.length === 0 && <p class="nothing">{words().noTargets}</p>}
            {now.waiting > 0 && <p class="card-facts">{words().waiting(now.waiting)}</p>}
            <TargetList
              targets={now.targets}
              onEdit={(target) => {
                edited.value = { target }
              }}
              onChanged={() => void load()}
            />
          </section>
          <section aria-labelledby="rules">
            <h2 id="rules">
              {words().rules} <small>{words().rulesLead}</small>
            </h2>
            <RuleList rules={now.rules} onSaved={() => void load()} />
          </section>
          <section aria-labelledby="deliveries">
            <h2 id="deliveries">{words().deliveries}</h2>
            {now.deliveries.length === 0 && <p class="nothing">{words().noDeliveries}</p>}
            <ul class="plain deliveries">
              {now.deliveries.map((delivery) => (
                <li key={`${delivery.at} ${delivery.targetName}`}>
                  <time dateTime={new Date(delivery.at).toISOString()}>{formatDateTime(delivery.at)}</time>{' '}
                  <strong>{delivery.targetName}</strong> · {words().messageOf(delivery.alerts)} ·{' '}
                  <span class={delivery.outcome === 'sent' ? 'delivery-good' : 'delivery-bad'}>
                    {words().outcomes[delivery.outcome]}
                  </span>
                  {delivery.code !== null && <> · {failureText(delivery.code)?.title ?? delivery.code}</>}
                </li>
              ))}
            </ul>
          </section>
          <section aria-labelledby="over">
            <h2 id="over">{words().resolved}</h2>
            {over.length === 0 && <p class="nothing">{words().nothingResolved}</p>}
            <AlertList alerts={over} onSeen={() => {}} />
          </section>
        </>
      )}
      {edited.value !== null && (
        <TargetForm
          target={edited.value.target}
          onClose={() => {
            edited.value = null
          }}
          onSaved={() => {
            edited.value = null
            void load()
          }}
        />
      )}
    </div>
  )
}
