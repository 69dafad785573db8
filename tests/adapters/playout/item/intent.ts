import type { ItemTools } from '../../../../adapters/playout/item/filters.ts'
import { NO_PROPS } from '../../../../adapters/playout/item/item-intent.ts'
import type { ItemIntent } from '../../../../adapters/playout/item/item-intent.ts'
import type { ShelvedFile } from '../../../../core/linear/line.ts'
import { DEFAULT_HOUSE, quantum90k } from '../../../../core/linear/house-format.ts'
import { DEFAULT_LOOKS } from '../../../../core/linear/looks.ts'
import { facts, MP4 } from '../../../clips/clip.ts'

/** An FFmpeg that has everything. */
export const ALL_TOOLS: ItemTools = {
  filters: new Set(['bwdif', 'zscale', 'tonemap', 'subtitles', 'overlay', 'alimiter']),
  hasDownmix: true,
  hasPacketDrop: true,
}

/** A film of 720p25 with AAC. */
export const FILM: ShelvedFile = { path: '/media/film.mp4', facts: facts(60, MP4), loudness: null }

/** A small picture, for tests that really encode. */
export const SMALL_HOUSE = { ...DEFAULT_HOUSE, width: 640, height: 360 } as const

/** Ten quanta from the beginning of a film, in software, unless said otherwise. */
export function intentOf(other: Partial<ItemIntent> = {}): ItemIntent {
  const house = other.house ?? DEFAULT_HOUSE
  const quantum = quantum90k(house)
  return {
    house,
    looks: DEFAULT_LOOKS,
    serviceName: 'Kanal 1',
    file: FILM,
    inMs: 0,
    duration90k: quantum * 10,
    offset90k: quantum * 1000,
    wallStart: Date.UTC(2026, 0, 1),
    encoder: { kind: 'software' },
    tools: ALL_TOOLS,
    props: NO_PROPS,
    isFiller: false,
    isAtKeyFrame: true,
    isPlain: false,
    ...other,
  }
}
