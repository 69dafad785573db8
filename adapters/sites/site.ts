import type { SnapshotClient } from '../link/snapshot-client.ts'
import type { SiteName } from '../../core/sites/site-keys.ts'
import type { VodDesk } from '../../core/lineup/vod-desk.ts'
import type { VodNumbers } from '../../core/lineup/vod-numbers.ts'
import type { LiveLink } from '../../core/live/link.ts'

/** A house behind a front: what is known of it, and the ways to its bytes. */
export type Site = SiteName & {
  /** Added to its channel numbers. */
  readonly numbersFrom: number
  readonly snapshots: SnapshotClient
  readonly live: LiveLink
  readonly vod: VodDesk & { readonly numbers: VodNumbers }
}
