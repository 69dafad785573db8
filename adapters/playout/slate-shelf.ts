import type { HouseFormat } from '../../core/linear/house-format.ts'
import type { Feed } from '../../core/linear/joiner/feed.ts'
import { houseGrid } from '../../core/linear/joiner/house-grid.ts'
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
  /** Has the common slates made, behind those that were asked for already. */
  prepare(): void
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

/** Has slates made when they are first asked for; `changed` says that one more is there. */
export function createSlateShelf(house: HouseFormat, makeSlate: MakeSlate, changed: () => void): SlateShelf {
  const rounds = new Map<string, SlateRound | null>()
  const { picture } = houseGrid(house)

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
    let playing: { readonly round: SlateRound; readonly feed: Feed; readonly from: number } | null = null
    const start = (found: SlateRound, at: number): void => {
      playing = { round: found, feed: slateFeed(found, house, at), from: at }
    }
    // One that was not drawn yet takes over where the other one begins anew: there a decoder can start.
    const chosen = (at: number): Feed | null => {
      const wanted = round(words)
      if (playing === null) {
        const found = wanted ?? any()
        if (found !== null) start(found, from)
      } else if (wanted !== null && wanted !== playing.round) {
        const length = playing.round.pictures.length * picture
        if ((at - playing.from) % length === 0 && at > playing.from) start(wanted, at)
      }
      return playing?.feed ?? null
    }
    round(words)
    return {
      isOver: false,
      picture: (at) => chosen(at)?.picture(at) ?? null,
      sound: (at) => playing?.feed.sound(at) ?? null,
    }
  }

  return {
    prepare() {
      round(MOMENT)
      round(OFF_AIR)
    },
    feed,
    moment: (from) => feed(MOMENT, from),
    offAir: (from) => feed(OFF_AIR, from),
    get isReady() {
      return any() !== null
    },
    silence: () => any()?.sound[0]?.[0] ?? null,
  }
}
