import type { Alert } from './alert.ts'
import { describeAlert, headline, resolvedMark } from './texts.ts'
import type { Language } from './texts.ts'

/** A message in words, for people. */
export type MessageText = { readonly title: string; readonly body: string }

/** One alert alone is its own title; several have a headline. */
export function printMessage(alerts: readonly Alert[], language: Language): MessageText {
  const mark = (alert: Alert): string => (alert.state === 'resolved' ? `${resolvedMark(language)}: ` : '')
  const texts = alerts.map((alert) => ({ ...describeAlert(alert, language), mark: mark(alert), alert }))
  const [only] = texts
  if (texts.length === 1 && only !== undefined)
    return {
      title: `${only.mark}${only.title}`,
      body: only.mark === '' ? `${only.detail}\n${only.advice}` : only.detail,
    }
  const resolved = alerts.filter(({ state }) => state === 'resolved').length
  return {
    title: headline(language, { opened: alerts.length - resolved, resolved }),
    body: texts
      .map(({ title, advice, mark: text }) => `• ${text}${title}${text === '' ? `\n  ${advice}` : ''}`)
      .join('\n'),
  }
}

/** A message as programs read it; instants in ISO 8601. */
export const printAlerts = (alerts: readonly Alert[], language: Language) =>
  alerts.map(({ kind, acknowledged, firstSeen, lastSeen, resolvedAt, ...alert }) => ({
    ...alert,
    rule: kind,
    ...describeAlert({ kind, ...alert }, language),
    acknowledged: acknowledged === null ? null : { by: acknowledged.by, at: new Date(acknowledged.at).toISOString() },
    firstSeen: new Date(firstSeen).toISOString(),
    lastSeen: new Date(lastSeen).toISOString(),
    resolvedAt: resolvedAt === null ? null : new Date(resolvedAt).toISOString(),
  }))
