import type { Host } from './host.ts'

/** Options of the command line by name; every one is a text or a flag. */
export type Options = Readonly<Record<string, string | undefined>>

/** What a command gets: its own words and options. It returns the exit code of the program. */
export type Command = (input: {
  readonly host: Host
  readonly words: readonly string[]
  readonly options: Options
}) => Promise<number>
