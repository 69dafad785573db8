import type { Channel } from '../lineup/channel.ts'
import type { Lineup } from '../lineup/lineup.ts'
import { pickChannels } from '../lineup/order.ts'
import type { SourceId } from '../lineup/stream.ts'
import { deviceIdOf, uuidOf } from './device-id.ts'

/** Which channels a virtual device has: all, those of one source, or those of a selection. */
export type DeviceScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'source'; readonly id: SourceId }
  | { readonly kind: 'selection'; readonly id: string }

/** A tuner that we pretend to be. */
export type Device = {
  readonly scope: DeviceScope
  /** Valid by its check digit; clients know a device by it. */
  readonly id: number
  /** Name in UPnP, a UUID. */
  readonly uuid: string
  /** What clients call it. */
  readonly name: string
}

/** Where the device's addresses are below the root for viewers: '' for all channels. */
export const devicePath = ({ scope }: Pick<Device, 'scope'>): string =>
  scope.kind === 'all' ? '' : `/hdhr/${scope.kind}/${encodeURIComponent(scope.id)}`

/** Makes the devices of a house. `seed` is its own and never changes; `mainId` is that of the device with all channels. */
export function createDeviceMaker(house: {
  readonly seed: string
  readonly name: string
  readonly mainId: number | null
}): (scope: DeviceScope, title: string | null) => Device {
  return (scope, title) => {
    const key = scope.kind === 'all' ? 'all' : `${scope.kind}/${scope.id}`
    const seed = `${house.seed}/${key}`
    const id = scope.kind === 'all' && house.mainId !== null ? house.mainId : deviceIdOf(seed)
    return { scope, id, uuid: uuidOf(seed), name: title === null ? house.name : `${house.name} ${title}` }
  }
}

/**
 * The enabled channels of a device by number; a selection's in its own order. A channel that several sources have belongs
 * to the source of its first stream, so that no number is on two devices: Jellyfin would drop the second.
 * Of channels with one number the first one counts: addresses have nothing but the number.
 *
 * Null: there is no such selection.
 */
export function deviceChannels(lineup: Lineup, scope: DeviceScope): readonly Channel[] | null {
  const seen = new Set<string>()
  const isFirst = ({ number }: Channel): boolean => {
    if (seen.has(number)) return false
    seen.add(number)
    return true
  }
  const enabled = lineup.channels.filter((channel) => channel.enabled && isFirst(channel))
  switch (scope.kind) {
    case 'all':
      return enabled
    case 'source':
      return enabled.filter(({ streams }) => streams[0]?.sourceId === scope.id)
    case 'selection': {
      const selection = lineup.selections?.find(({ id }) => id === scope.id)
      return selection === undefined ? null : pickChannels(enabled, selection.channels)
    }
    default:
      return scope satisfies never
  }
}

/** What clients are told of a source without a known limit, and of one that has not answered yet. */
const UNKNOWN_TUNERS = 4
/** The number travels in one byte. */
const MOST_TUNERS = 255

/** How many tuners a device has: the sum of what its sources can carry at a time (null: no limit is known). At least 1. */
export function tunerCount(limits: readonly (number | null)[]): number {
  const sum = limits.reduce<number>((total, limit) => total + (limit ?? UNKNOWN_TUNERS), 0)
  return Math.min(Math.max(sum, 1), MOST_TUNERS)
}
