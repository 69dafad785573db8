import type { Failure } from '../../core/errors.ts'
import type { ErsatzPlayout } from '../../core/linear/ersatz.ts'
import type { ChannelId } from '../../core/lineup/channel.ts'
import type { ScheduleWarning } from '../../core/linear/warnings.ts'
import type { PlanItem } from '../../core/linear/plan-item.ts'
import type { Programme } from '../../core/guide/programme.ts'

/** A JSON object. */
export type Mapping = Readonly<Record<string, unknown>>

/** A window of time, epoch milliseconds. */
export type PlanWindow = { readonly from: number; readonly to: number }

/** The document of a channel, as it may be shown. */
export type ScheduleView = {
  readonly id: string
  /** Id of the source whose files it plays. */
  readonly library: string
  /** Where it is written; only `house` is edited here. */
  readonly managedBy: 'file' | 'house'
  /** Changes with every edit; null: it is not edited here. */
  readonly revision: string | null
  readonly document: Mapping
  readonly overrides: readonly Mapping[]
  /** The channel of the line-up that plays it; null: there is none (yet). */
  readonly channelId: ChannelId | null
  /** Why it cannot be played; null: it can. */
  readonly problem: Failure | null
}

/** What a document makes of a window of time. */
export type SchedulePlan = {
  readonly items: readonly PlanItem[]
  /** The guide of the same window. */
  readonly programmes: readonly Programme[]
  /** What its owner may not want. */
  readonly warnings: readonly ScheduleWarning[]
}

/**
 * Port of the LAN: what is planned on channels of one's own. An edit that has resolved is on the disk and in force: line-up
 * and guide follow.
 *
 * Fails with `linear/unknown-schedule` for an id that nothing has.
 */
export interface ScheduleDesk {
  list(): readonly ScheduleView[]
  find(id: string): ScheduleView
  /** `library` null: the only one. Fails with `http/bad-request`, naming the key, and `config/id-taken`. */
  add(document: Mapping, library: string | null): Promise<ScheduleView>
  /**
   * Replaces a document; `revision` null: whatever it is. Fails as `add`, with `config/managed-by-file` and
   * `config/changed`.
   */
  replace(id: string, document: Mapping, revision: string | null): Promise<ScheduleView>
  remove(id: string, revision: string | null): Promise<void>
  plan(id: string, window: PlanWindow): Promise<SchedulePlan>
  /** What a document that is not kept would make. Fails with `http/bad-request`, naming the key. */
  tryPlan(document: Mapping, library: string | null, window: PlanWindow): Promise<SchedulePlan>
  /** Shows something in place of what is planned, at once. Fails with `http/bad-request`, naming the key. */
  override(id: string, override: Mapping, by: string | null): Promise<ScheduleView>
  /** Goes on with what is planned; `override` null: ends all. */
  endOverride(id: string, override: string | null): Promise<ScheduleView>
  /** The plan as an ErsatzTV playout document. */
  playout(id: string, window: PlanWindow): Promise<ErsatzPlayout>
  /** What the plan is computed of, so that others compute the same: document, catalogue and checkpoint. */
  catalogue(id: string): Promise<Mapping>
  /** The same of a document that is not kept: with the finds of its pools, and the media that they name. */
  tryCatalogue(document: Mapping, library: string | null): Promise<Mapping>
}
