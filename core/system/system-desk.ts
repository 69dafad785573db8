import type { Notice } from '../notices/notice.ts'
import type { SettingsDesk } from './settings-desk.ts'

/** Parts of what lies in the data folder. */
export const STORAGE_PARTS = ['house', 'guide', 'history', 'time-shift', 'cache', 'backups', 'other'] as const

/** One of them. */
export type StoragePart = (typeof STORAGE_PARTS)[number]

/** One thing that was looked at: what it is, how it is, and what to do when it is not well (null: nothing, or `detail` says so). */
export type Finding = {
  readonly what: Notice
  readonly well: boolean
  readonly detail: Notice
  readonly advice: Notice | null
}

/** What the program and its machine are. Sizes in bytes. */
export type SystemFacts = {
  readonly versions: { readonly downlink: string; readonly runtime: string; readonly sqlite: string }
  readonly ffmpeg: {
    readonly version: string | null
    readonly origin: string | null
    /** How pictures are encoded, in words; null: not at all. */
    readonly encoder: string | null
    /** Encoders that matter here, by FFmpeg's names. */
    readonly encoders: readonly string[]
  }
  readonly platform: {
    readonly system: string
    readonly architecture: string
    readonly cores: number
    readonly memory: number
  }
  readonly process: { readonly id: number; readonly memory: number; readonly startedAt: number }
  readonly role: string
  readonly dataDir: string
  /** Base URLs by which others reach this house. */
  readonly addresses: readonly string[]
  readonly storage: {
    readonly parts: readonly { readonly part: StoragePart; readonly bytes: number }[]
    readonly free: number
    readonly total: number
  }
}

/** Port: what is behind the screens. */
export interface SystemDesk {
  facts(): Promise<SystemFacts>
  /** What `downlink doctor` looks at, as far as it can be looked at while the house runs. */
  findings(): Promise<readonly Finding[]>
  readonly settings: SettingsDesk
}
