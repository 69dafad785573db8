import { at } from '../api/base.ts'
import { order } from '../api/request.ts'
import { Icon } from '../parts/icon.tsx'
import { PLACES } from '../shell/places.ts'
import { useToasts } from '../parts/toast.tsx'
import { formatDateTime } from '../text/format.ts'
import { alertText } from './alert-text.ts'
import type { AlertShown } from './answers.ts'
import { words } from './words.ts'

/** Whether this house has a page of its log. */
const hasLog = PLACES.some(({ path }) => path === '/log')

/** Alerts with their next step. */
export function AlertList({ alerts, onSeen }: { alerts: readonly AlertShown[]; onSeen: () => void }) {
  const toasts = useToasts()
  const acknowledge = async ({ id }: AlertShown) => {
    try {
      await order(`/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`, { method: 'POST' })
      onSeen()
    } catch (thrown) {
      toasts.fail(thrown)
    }
  }
  return (
    <ul class="plain alerts">
      {alerts
        .map((alert) => ({ alert, text: alertText(alert) }))
        .map(({ alert, text }) => (
          <li key={alert.id} class={`card alert alert-${alert.state === 'open' ? alert.severity : 'over'}`}>
            <header class="card-head">
              <h3>
                <Icon name={alert.state === 'open' ? 'alert' : 'check'} /> {text.title}
              </h3>
              <span class="tag">{words().severities[alert.severity]}</span>
            </header>
            <p>{text.detail}</p>
            {alert.state === 'open' && <p class="alert-advice">{text.advice}</p>}
            <p class="card-facts">
              {words().since(formatDateTime(alert.firstSeen))}
              {alert.resolvedAt !== null && <> · {words().until(formatDateTime(alert.resolvedAt))}</>}
              {alert.count > 1 && <> · {words().times(alert.count)}</>}
              {alert.acknowledged !== null && <> · {words().seenBy(alert.acknowledged.by)}</>}
            </p>
            <div class="card-actions">
              {hasLog && (
                <a class="button button-quiet" href={at(`/log?${alert.logs}`)}>
                  <Icon name="log" /> {words().logs}
                </a>
              )}
              {alert.state === 'open' && alert.acknowledged === null && (
                <button
                  type="button"
                  class="button"
                  aria-label={words().seenNamed(text.title)}
                  onClick={() => void acknowledge(alert)}
                >
                  <Icon name="check" /> {words().seen}
                </button>
              )}
            </div>
          </li>
        ))}
    </ul>
  )
}
