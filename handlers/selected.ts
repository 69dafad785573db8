import { Failure } from '../core/errors.ts'
import type { Channel } from '../core/lineup/channel.ts'
import type { Lineup } from '../core/lineup/lineup.ts'
import { pickChannels } from '../core/lineup/order.ts'

/**
 * The enabled channels of a selection in its order; without an id (or with an empty one) all of them by number.
 *
 * Fails with `lineup/unknown-selection`.
 */
export function selectedChannels(lineup: Lineup, id: string | undefined): readonly Channel[] {
  const enabled = lineup.channels.filter((channel) => channel.enabled)
  if (id === undefined || id === '') return enabled
  const selection = lineup.selections?.find((one) => one.id === id)
  if (selection === undefined) throw new Failure('lineup/unknown-selection', 'There is no such selection')
  return pickChannels(enabled, selection.channels)
}
