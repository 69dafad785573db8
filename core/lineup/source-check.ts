import type { Failure } from '../errors.ts'
import type { SourceId } from './stream.ts'
import type { Notice } from '../notices/notice.ts'

/** What an answer told: words and numbers, never an address or a credential. */
export type CheckFacts = Readonly<Record<string, string | number | boolean | null>>

/** Port of a source: one small question that shows whether it answers. Opens no stream. */
export interface SourceCheck {
  /** What is asked: the panel's log-in, the head of a list, a portal's groups, what a receiver is, whether a folder is there. */
  readonly asks: 'log-in' | 'list' | 'portal' | 'receiver' | 'folder'
  /** Whether the source can be asked in the name of another program. */
  readonly takesUserAgent: boolean
  /** `userAgent` null: as configured. Fails with `source/*`, `live/contested`, or the signal's reason. */
  ask(options: { readonly userAgent: string | null; readonly signal: AbortSignal }): Promise<CheckFacts>
}

/** One question of a test and what came of it. */
export type TestStep = {
  readonly asked: SourceCheck['asks'] | 'stream' | 'channels' | 'guide'
  readonly ms: number
  readonly facts: CheckFacts
  /** Null: it went well. */
  readonly problem: Failure | null
}

/** What a source gives to one program. */
export type TestAnswer = {
  /** Null: as configured. */
  readonly userAgent: string | null
  readonly steps: readonly TestStep[]
}

/** What a source that is not kept yet would give. */
export type DraftAnswer = {
  /** Whether it answers, its channels, its guide; none after one that went wrong. */
  readonly steps: readonly TestStep[]
  /** Null: it was not asked so far. */
  readonly channels: number | null
  /** How many streams it lets us have at a time; null: not known. */
  readonly slots: number | null
  /** What its owner should know. */
  readonly notices: readonly Notice[]
}

/** What is to be tested. */
export type TestWish = {
  /** Programs to ask as, beside what is configured. */
  readonly userAgents: readonly string[]
  /** The first bytes of a stream too, if a slot is free. */
  readonly stream: boolean
  /** Who wants to know; null: not known. */
  readonly askedBy: string | null
}

/** One of several accounts (MACs) that a source takes turns with. Instants are epoch milliseconds. */
export type AccountSeat = {
  /** Place in the list of the configuration, from 1. */
  readonly place: number
  readonly inUse: number
  /** Streams at a time; null: no limit is known. */
  readonly limit: number | null
  /** `contested`: another device uses it; `refused`: the provider does not take it. Both rest until `until`. */
  readonly state: 'ready' | 'contested' | 'refused'
  readonly until: number | null
  readonly problem: Failure | null
  /** When it ends, in the provider's words, and as an instant where they can be read; null: not told. */
  readonly expires: { readonly text: string; readonly at: number | null } | null
}

/** Port of the LAN: what became of the sources, and whether one answers now. */
export interface SourceDesk {
  history(source: SourceId): SourceHistory
  /** What its owner should know. */
  notices(source: SourceId): readonly Notice[]
  /** Its accounts, where it takes turns with several; null: it has one, or none of its own. */
  seats(source: SourceId): readonly AccountSeat[] | null
  /**
   * Asks a source politely, one question after the other; what went wrong is in the answers. Fails with `http/busy`
   * (another test of it has just been made), `source/not-supported` (switched off, or user agents mean nothing to it), or
   * the signal's reason.
   */
  test(source: SourceId, wish: TestWish, signal: AbortSignal): Promise<readonly TestAnswer[]>
}

/** Port of the LAN: tries what somebody is about to write down. */
export interface DraftDesk {
  /**
   * Asks a source that is not kept; `entry` has the keys of the configuration file, and `set` for what the source of this
   * id has there already. Opens no stream.
   *
   * Fails with `http/bad-request` (the entry is wrong), `http/busy` (a stream would be disturbed), or the signal's reason.
   */
  test(
    entry: Readonly<Record<string, unknown>>,
    wish: { readonly askedBy: string | null; readonly signal: AbortSignal },
  ): Promise<DraftAnswer>
}

/** Something that showed whether a source works. Instants are epoch milliseconds. */
export type SourceEvent = {
  readonly at: number
  readonly kind: 'refresh' | 'test' | 'stream'
  /** How long it took; null: not measured. */
  readonly ms: number | null
  /** Null: it went well. */
  readonly problem: Failure | null
}

/** What is remembered of a source, the newest first. */
export type SourceHistory = {
  readonly events: readonly SourceEvent[]
  readonly lastGood: number | null
  /** The newest that went wrong, whether or not it is over. */
  readonly lastError: (SourceEvent & { readonly problem: Failure }) | null
}
