import { DEFAULT_HOUSE } from './house-format.ts'
import type { HouseFormat } from './house-format.ts'
import type { MediaShelf } from './line.ts'
import type { PlanItem } from './plan-item.ts'

/** Where the bytes of an item are, in the words of ErsatzTV's playout format. */
export type ErsatzSource =
  | {
      readonly source_type: 'local'
      readonly path: string
      readonly in_point_ms: number
      readonly out_point_ms: number
    }
  | { readonly source_type: 'http'; readonly uri: string }
  | { readonly source_type: 'lavfi'; readonly params: string }

/** One entry of a playout document. Instants are RFC 3339. */
export type ErsatzItem = {
  readonly id: string
  readonly start: string
  readonly finish: string
  readonly source?: ErsatzSource
  readonly tracks?: {
    readonly video: { readonly source: ErsatzSource }
    readonly audio: { readonly source: ErsatzSource }
  }
}

/** A playout document of ErsatzTV, version 0.0.2. */
export type ErsatzPlayout = { readonly version: string; readonly items: readonly ErsatzItem[] }

const VERSION = 'https://ersatztv.org/playout/version/0.0.2'

/** What an export is made with. `liveAddress`: where a channel of the house is watched; null: nowhere. */
export type ErsatzOptions = {
  readonly house?: Pick<HouseFormat, 'width' | 'height' | 'frameRate'>
  readonly liveAddress?: (channel: string) => string | null
}

/**
 * A plan as ErsatzTV's playout document, without holes: where nothing is planned, or a file is away, stands a black picture
 * with silence. Paths are those of this machine.
 */
export function ersatzPlayout(
  items: readonly PlanItem[],
  shelf: MediaShelf,
  { house = DEFAULT_HOUSE, liveAddress = () => null }: ErsatzOptions = {},
): ErsatzPlayout {
  const sourceOf = ({ media, channel, inMs, start, stop }: PlanItem): ErsatzSource | null => {
    if (media !== null) {
      const path = shelf.file(media)?.path
      if (path === undefined) return null
      return { source_type: 'local', path, in_point_ms: inMs, out_point_ms: inMs + (stop - start) }
    }
    const uri = channel === null ? null : liveAddress(channel)
    return uri === null ? null : { source_type: 'http', uri }
  }
  const black = {
    video: {
      source: lavfi(`color=c=black:size=${house.width}x${house.height}:rate=${house.frameRate}`),
    },
    audio: { source: lavfi('anullsrc=channel_layout=stereo:sample_rate=48000') },
  }
  return {
    version: VERSION,
    items: items.map((item) => {
      const source = sourceOf(item)
      const times = { id: item.id, start: printed(item.start), finish: printed(item.stop) }
      return source === null ? { ...times, tracks: black } : { ...times, source }
    }),
  }
}

/**
 * The name that the file of a plan must have, so that ErsatzTV finds the one for the present: start and end in compact
 * ISO 8601 with nine digits of a second. Null: there is nothing in it.
 */
export function ersatzFileName(items: readonly PlanItem[]): string | null {
  const [first, last] = [items[0], items.at(-1)]
  return first === undefined || last === undefined ? null : `${compact(first.start)}_${compact(last.stop)}.json`
}

const lavfi = (params: string): ErsatzSource => ({ source_type: 'lavfi', params })
const printed = (instant: number): string => new Date(instant).toISOString()
const compact = (instant: number): string => printed(instant).replaceAll(/[-:]/g, '').replace('Z', '000000Z')
