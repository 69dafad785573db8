import type { Connections } from './connections.ts'
import type { Hops } from './hops.ts'
import type { LiveLoop } from './live-loop.ts'
import type { PanelAccount, PanelModel } from './model.ts'
import type { PanelSettings } from './settings.ts'

/** A panel from the inside: what its parts share. */
export type Panel = {
  readonly model: PanelModel
  settings: PanelSettings
  readonly now: () => number
  /** What a channel or film shows. */
  readonly air: (id: number) => Promise<LiveLoop>
  /** Whether files are pictures too, and not bytes that tests can tell apart. */
  readonly hasPictureFiles: boolean
  readonly connections: Connections
  readonly hops: Hops
  /** By account and channel; and those that were pushed out. */
  readonly hls: Map<string, HlsSession>
  readonly hlsOver: HlsSession[]
  /** Runs that a stranger has pushed out, and whose player does not know it yet. */
  readonly hlsReplaced: Set<string>
  readonly calls: Map<string, number>
  readonly asked: number[]
  /** Catch-up requests as `{start}/{minutes}/{id}`. */
  readonly archives: string[]
  started: number
  readonly forbid: (what: string) => void
  /** `http://127.0.0.1:{port}`. */
  url: string
}

/** One viewer's run of one channel as HLS; it counts as one connection while somebody asks. */
export type HlsSession = {
  /** Stands in the addresses of its segments. */
  readonly run: string
  readonly channel: number
  readonly account: PanelAccount
  readonly startedAt: number
  touch(): void
  isOver: boolean
}

/** The account that these credentials open; null: none. */
export const findAccount = (panel: Panel, username: string, password: string): PanelAccount | null =>
  panel.model.accounts.find((one) => one.username === username && one.password === password) ?? null

/** Whether the account may watch now. */
export const isGood = (panel: Panel, { status, expiresAt }: PanelAccount): boolean =>
  status === 'Active' && (expiresAt === null || expiresAt > panel.now())
