import { cleanProgrammes } from '../clean.ts'
import type { GuideBatch } from '../feed.ts'
import type { Programme } from '../programme.ts'
import { parseEit, serviceOf } from './parse-eit.ts'

/** Collects what open streams tell of programmes. */
export interface EitHarvest {
  /** Takes a section of PID 0x12 whose CRC is right. What was taken before costs next to nothing. */
  push(section: Uint8Array): void
  /** What came since the last time, as batches for the guide's store: one for each run of programmes without a hole. */
  take(): readonly GuideBatch[]
}

/** What a harvest needs. */
export type EitHarvestOptions = {
  /** Whether somebody wants the programmes of a service (`ONID:TSID:SID`); a transponder tells of hundreds. */
  readonly isWanted: (service: string) => boolean
  readonly now: () => number
}

const DAY_MS = 24 * 3_600_000
/** Beyond that, a receiver's or sender's clock is wrong. */
const AHEAD_MS = 28 * DAY_MS
/** Sections repeat every few seconds; all of a big network fit. When there are more, they are read once more. */
const MOST_SECTIONS = 50_000
/** Programmes that wait to be taken; what is beyond comes again. */
const MOST_PENDING = 50_000
/** Breaks between programmes that are no hole. */
const BREAK_MS = 5 * 60_000

/** An empty harvest. */
export function createEitHarvest({ isWanted, now }: EitHarvestOptions): EitHarvest {
  /** Place of each section to its CRC: the same content is sent over and over. */
  const seen = new Map<string, number>()
  const pending = new Map<string, Map<number, Programme>>()
  let size = 0

  return {
    push(section) {
      const service = serviceOf(section)
      if (!isWanted(service)) return
      const place = `${section[0]} ${service} ${section[6]}`
      const crc = (word(section, section.length - 4) << 16) | word(section, section.length - 2)
      if (seen.get(place) === crc) return
      if (seen.size >= MOST_SECTIONS) seen.clear()
      seen.set(place, crc)
      const eit = parseEit(section)
      if (eit === null || eit.programmes.length === 0) return
      const programmes = pending.get(service) ?? new Map<number, Programme>()
      pending.set(service, programmes)
      for (const programme of eit.programmes) {
        const { start, stop } = programme
        if (stop < now() - DAY_MS || start > now() + AHEAD_MS || size >= MOST_PENDING) continue
        if (!programmes.has(start)) size++
        programmes.set(start, programme)
      }
    },
    take() {
      const batches = [...pending].flatMap(([channel, programmes]) => runsOf(channel, [...programmes.values()]))
      pending.clear()
      size = 0
      return batches
    },
  }
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** A batch says all that there is from its first to its last programme: only what follows on is one. */
function runsOf(channel: string, told: readonly Programme[]): readonly GuideBatch[] {
  const batches: { channel: string; from: number; to: number; programmes: Programme[] }[] = []
  for (const programme of cleanProgrammes(told)) {
    const last = batches.at(-1)
    if (last !== undefined && programme.start - last.to <= BREAK_MS) {
      last.programmes.push(programme)
      last.to = programme.stop
    } else batches.push({ channel, from: programme.start, to: programme.stop, programmes: [programme] })
  }
  return batches
}
