import type { HouseFormat } from '../../core/linear/house-format.ts'
import type { Feed } from '../../core/linear/joiner/feed.ts'
import { slateFeed } from '../../core/linear/joiner/slate-feed.ts'
import type { SlateRound } from '../../core/linear/joiner/slate-feed.ts'
import type { MakeSlate, SlateWords } from './ports.ts'

/** Texts that are kept taken apart; a slate has some 50 kB. */
const MAX_KEPT = 16
/** What stands in for anything that lasts only a moment, or is not drawn yet. */
const MOMENT: SlateWords = { headline: 'ONE MOMENT', text: null }
const OFF_AIR: SlateWords = { headline: 'OFF AIR', text: null }

/** The slates of one channel that runs. */
export interface SlateShelf {
  /** A slate with these words; another one stands in until they are drawn. */
  feed(words: SlateWords, from: number): Feed
  /** What is shown while an encoder starts. */
  moment(from: number): Feed
  /** What is shown where nothing is planned. */
  offAir(from: number): Feed
  /** There is one to show. */
  readonly isReady: boolean
  /** A frame without sound; null: none is there yet. */
  silence(): Uint8Array | null
}

/** Has the common slates made at once, in the background, and others when they are asked for. */
export function createSlateShelf(house: HouseFormat, makeSlate: MakeSlate, changed: () => void): SlateShelf {
  const rounds = new Map<string, SlateRound | null>()

  const round = (words: SlateWords): SlateRound | null => {
    const key = JSON.stringify(words)
    const known = rounds.get(key)
    if (known !== undefined) return known
    rounds.set(key, null)
    for (const oldest of rounds.keys()) {
      if (rounds.size <= MAX_KEPT) break
      rounds.delete(oldest)
    }
    // A slate that cannot be made is not asked for again while the channel runs.
    void makeSlate(words).then(
      (made) => {
        rounds.set(key, made)
        changed()
      },
      () => {},
    )
    return null
  }
  const any = (): SlateRound | null => [...rounds.values()].find((one) => one !== null) ?? null

  const feed = (words: SlateWords, from: number): Feed => {
    let playing: Feed | null = null
    // Chosen when it is needed, and kept: a change of slates would start in the middle of a picture's prediction.
    const chosen = (): Feed | null => {
      const found = playing === null ? (round(words) ?? any()) : null
      if (found !== null) playing = slateFeed(found, house, from)
      return playing
    }
    round(words)
    return {
      isOver: false,
      picture: (at) => chosen()?.picture(at) ?? null,
      sound: (at) => chosen()?.sound(at) ?? null,
    }
  }

  round(MOMENT)
  round(OFF_AIR)
  return {
    feed,
    moment: (from) => feed(MOMENT, from),
    offAir: (from) => feed(OFF_AIR, from),
    get isReady() {
      return any() !== null
    },
    silence: () => any()?.sound[0]?.[0] ?? null,
  }
}
