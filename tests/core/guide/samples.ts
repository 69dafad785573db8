import type { Programme } from '../../../core/guide/programme.ts'

/** A full hour that is also the start of a guide's step: 2026-11-21 04:00 UTC. */
export const FOUR = Date.UTC(2026, 10, 21, 4)

/** The instant `minutes` after 04:00. */
export const at = (minutes: number): number => FOUR + minutes * 60_000

/** A programme from and to minutes after 04:00, unremarkable but for what is given. */
export const aProgramme = (from: number, to: number, given: Partial<Programme> = {}): Programme => ({
  start: at(from),
  stop: at(to),
  title: `From ${from}`,
  subtitle: null,
  description: null,
  categories: [],
  season: null,
  episode: null,
  repeat: false,
  ...given,
})

/** Programmes as minutes after 04:00, for comparing. */
export const spans = (programmes: readonly Programme[]): readonly (readonly [number, number, string])[] =>
  programmes.map(({ start, stop, title }) => [(start - FOUR) / 60_000, (stop - FOUR) / 60_000, title])
