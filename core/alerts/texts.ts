import { FAILURES } from '../errors.ts'
import { JOB_KINDS } from '../jobs/job.ts'
import type { JobKind } from '../jobs/job.ts'
import type { Alert } from './alert.ts'
import type { RuleKind } from './rule.ts'

/** Languages of messages. */
export const LANGUAGES = ['en', 'de'] as const

/** One of them. */
export type Language = (typeof LANGUAGES)[number]

/** An alert in words: what is wrong, and what to do next. */
export type AlertText = { readonly title: string; readonly detail: string; readonly advice: string }

type Words = { readonly title: string; readonly detail: string; readonly advice: string }
/** What an alert is made of, in words. */
export type AlertFacts = Pick<Alert, 'kind' | 'subject' | 'name' | 'value' | 'threshold' | 'code'>
type Speaker = (alert: AlertFacts) => Words

type WorkNames = Readonly<Record<JobKind, (name: string) => string>>
/** What long work is called. */
const WORK: Readonly<Record<Language, WorkNames>> = {
  en: {
    'source-refresh': (name) => `Reading source "${name}"`,
    'guide-import': (name) => `Reading guide "${name}"`,
    'guide-walk': () => 'Asking the sources for their guides',
    'source-test': (name) => `Testing "${name}"`,
    backup: () => 'Making a backup',
  },
  de: {
    'source-refresh': (name) => `Das Einlesen der Quelle „${name}“`,
    'guide-import': (name) => `Das Einlesen des Programmführers „${name}“`,
    'guide-walk': () => 'Das Abfragen der Programmführer der Quellen',
    'source-test': (name) => `Das Testen von „${name}“`,
    backup: () => 'Das Sichern',
  },
}

/** The subject of an alert about work begins with its kind (`conditions.ts`). */
const workOf = (subject: string, names: WorkNames): ((name: string) => string) =>
  names[JOB_KINDS.find((kind) => subject.startsWith(`${kind}/`)) ?? 'source-refresh']

const ENGLISH: Readonly<Record<RuleKind, Speaker>> = {
  'source-down': ({ name }) => ({
    title: `Source "${name}" is down`,
    detail: 'It does not answer as it should.',
    advice: 'Is it switched on and connected? Test it on the page of sources.',
  }),
  'slots-exhausted': ({ name, value }) => ({
    title: `Slots of "${name}" are in use`,
    detail: `${value ?? 0} % of its tuners or connections are taken.`,
    advice: 'Stop a stream that nobody needs, or give channels a second source.',
  }),
  'guide-stale': ({ name, value, threshold }) => ({
    title: `Guide "${name}" is old`,
    detail: `It was last fetched ${value ?? 0} hours ago (allowed: ${threshold}).`,
    advice: 'Refresh it on the page of sources, and look at the reason there.',
  }),
  'error-burst': ({ name, value, threshold }) => ({
    title: `"${name}" loses packets`,
    detail: `${value ?? 0} packets were lost or damaged in a minute (allowed: ${threshold}).`,
    advice: 'Check reception, cables and network, or switch to another stream of the channel.',
  }),
  'decoder-errors': ({ name, value, threshold }) => ({
    title: `"${name}" has broken pictures or sound`,
    detail: `${value ?? 0} frames could not be decoded in a minute (allowed: ${threshold}).`,
    advice: 'Check reception and the stream itself, or switch to another stream of the channel.',
  }),
  'channel-failed': ({ name, value }) => ({
    title: `"${name}" cannot be played`,
    detail: `All its streams failed, ${value ?? 0} times within ten minutes.`,
    advice: 'Look at the streams of the channel; another source can take over.',
  }),
  'disk-low': ({ value, threshold }) => ({
    title: 'The disk is nearly full',
    detail: `${value ?? 0} GiB are free (wanted: ${threshold}).`,
    advice: 'Make room on the disk of the data folder, or lower "timeShift.maxBytes".',
  }),
  'job-failed': ({ subject, name, value }) => ({
    title: `${workOf(subject, WORK.en)(name)} fails again and again`,
    detail: `It failed ${value ?? 0} times in a row.`,
    advice: 'Look at the reason in the log, and start it by hand once it is mended.',
  }),
  'front-away': ({ name }) => ({
    title: `Front "${name}" cannot be reached`,
    detail: 'It does not take what this house publishes, and shows older lists.',
    advice: 'Check its address and the network, and whether it knows the key of this house.',
  }),
}

const GERMAN: Readonly<Record<RuleKind, Speaker>> = {
  'source-down': ({ name }) => ({
    title: `Quelle „${name}“ ist ausgefallen`,
    detail: 'Sie antwortet nicht, wie sie sollte.',
    advice: 'Ist sie eingeschaltet und verbunden? Auf der Seite der Quellen testen.',
  }),
  'slots-exhausted': ({ name, value }) => ({
    title: `Plätze von „${name}“ sind belegt`,
    detail: `${value ?? 0} % ihrer Tuner oder Verbindungen sind vergeben.`,
    advice: 'Einen Stream stoppen, den niemand braucht, oder Kanälen eine zweite Quelle geben.',
  }),
  'guide-stale': ({ name, value, threshold }) => ({
    title: `Programmführer „${name}“ ist alt`,
    detail: `Zuletzt vor ${value ?? 0} Stunden geholt (erlaubt: ${threshold}).`,
    advice: 'Auf der Seite der Quellen neu laden und dort nach dem Grund sehen.',
  }),
  'error-burst': ({ name, value, threshold }) => ({
    title: `„${name}“ verliert Pakete`,
    detail: `${value ?? 0} Pakete gingen in einer Minute verloren oder kamen beschädigt an (erlaubt: ${threshold}).`,
    advice: 'Empfang, Kabel und Netzwerk prüfen oder auf einen anderen Stream des Kanals wechseln.',
  }),
  'decoder-errors': ({ name, value, threshold }) => ({
    title: `„${name}“ hat gestörte Bilder oder Töne`,
    detail: `${value ?? 0} Bilder oder Töne ließen sich in einer Minute nicht dekodieren (erlaubt: ${threshold}).`,
    advice: 'Empfang und den Stream selbst prüfen oder auf einen anderen Stream des Kanals wechseln.',
  }),
  'channel-failed': ({ name, value }) => ({
    title: `„${name}“ kann nicht gespielt werden`,
    detail: `Alle Streams schlugen fehl, ${value ?? 0}-mal in zehn Minuten.`,
    advice: 'Die Streams des Kanals ansehen; eine andere Quelle kann übernehmen.',
  }),
  'disk-low': ({ value, threshold }) => ({
    title: 'Die Festplatte ist fast voll',
    detail: `${value ?? 0} GiB sind frei (gewünscht: ${threshold}).`,
    advice: 'Auf der Platte des Datenordners Platz schaffen oder „timeShift.maxBytes“ senken.',
  }),
  'job-failed': ({ subject, name, value }) => ({
    title: `${workOf(subject, WORK.de)(name)} schlägt immer wieder fehl`,
    detail: `${value ?? 0}-mal hintereinander fehlgeschlagen.`,
    advice: 'Den Grund im Protokoll nachsehen und von Hand starten, sobald er behoben ist.',
  }),
  'front-away': ({ name }) => ({
    title: `Front „${name}“ ist nicht erreichbar`,
    detail: 'Sie nimmt nicht an, was dieses Haus veröffentlicht, und zeigt ältere Listen.',
    advice: 'Adresse und Netzwerk prüfen, und ob sie den Schlüssel dieses Hauses kennt.',
  }),
}

/** The alert in words of this language. Where a failure is behind it, its own title and advice come first. */
export function describeAlert(alert: AlertFacts, language: Language): AlertText {
  const { title, detail, advice } = (language === 'de' ? GERMAN : ENGLISH)[alert.kind](alert)
  if (alert.code === null) return { title, detail, advice }
  // The catalogue of failures speaks English; its code is what one searches for in either language.
  const failure: { readonly title: string; readonly advice?: string } = FAILURES[alert.code]
  if (language === 'de') return { title, detail: `${detail} (${alert.code})`, advice }
  return {
    title,
    detail: `${detail} ${failure.title}.`,
    advice: failure.advice === undefined ? advice : `${sentence(failure.advice)} ${advice}`,
  }
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`)

/** What a message is called that brings so many alerts, and those that are over. */
export function headline(
  language: Language,
  { opened, resolved }: { readonly opened: number; readonly resolved: number },
): string {
  const parts =
    language === 'de'
      ? [opened > 0 ? `${opened} neu` : '', resolved > 0 ? `${resolved} behoben` : '']
      : [opened > 0 ? `${opened} new` : '', resolved > 0 ? `${resolved} resolved` : '']
  const what = language === 'de' ? 'Warnungen' : 'alerts'
  return `downlink: ${parts.filter((part) => part !== '').join(', ')} (${what})`
}

/** Marks an alert that is over. */
export const resolvedMark = (language: Language): string => (language === 'de' ? 'Behoben' : 'Resolved')
