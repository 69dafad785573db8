/** Levels of the log, from the loudest to the most severe. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** One of them. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Facts of a log line: ids, numbers, short texts. Secrets are of type `Secret` and print as `***`. */
export type LogFacts = Readonly<Record<string, unknown>>

/** Writes one JSON line per call: `log('info', 'relay-opened', { channelId })`. `event` is kebab-case and stable. */
export type Log = (level: LogLevel, event: string, facts?: LogFacts) => void
