/** A channel of a simulated portal. Its link has another number than itself, as on stock portals. */
export type PortalChannel = {
  readonly id: number
  readonly name: string
  readonly genre: number
  readonly logo: string
  /** In the list, but not paid for. */
  readonly isClosed?: true
  /** How far back it is kept; absent: not at all. */
  readonly archiveHours?: number
}

/** A group of channels. */
export type PortalGenre = { readonly id: number; readonly title: string; readonly censored: boolean }

/** A film of the video club. */
export type PortalFilm = {
  readonly id: number
  readonly name: string
  readonly category: number
  readonly year: number
  readonly bytes: number
}

/** A series: episodes by season. */
export type PortalSeries = {
  readonly id: number
  readonly name: string
  readonly category: number
  readonly seasons: readonly number[]
}

/** A programme; epoch seconds. */
export type PortalProgramme = {
  readonly id: number
  readonly title: string
  readonly text: string
  readonly start: number
  readonly stop: number
}

/** What a portal offers. */
export type PortalModel = {
  readonly genres: readonly PortalGenre[]
  readonly channels: readonly PortalChannel[]
  readonly categories: readonly { readonly id: number; readonly title: string }[]
  readonly films: readonly PortalFilm[]
  readonly series: readonly PortalSeries[]
}

/** How far the number of a channel's link is from the channel's own. */
export const LINK_OFFSET = 5000

const NAMES = ['News', 'Sport', 'Kids', 'Cinema', 'Music', 'Nature', 'History', 'Regional']

/** A small portal, or one of any size: `channels` of them in four groups, one of which is for adults. */
export function demoPortal(options: { readonly channels?: number } = {}): PortalModel {
  const count = options.channels ?? 24
  return {
    genres: [
      { id: 1, title: 'News & Info', censored: false },
      { id: 2, title: 'Sport', censored: false },
      { id: 3, title: 'Family', censored: false },
      { id: 10, title: 'Adults', censored: true },
    ],
    channels: Array.from({ length: count }, (_, index) => ({
      id: 101 + index,
      name: `${NAMES[index % NAMES.length] ?? ''} ${Math.floor(index / NAMES.length) + 1}${index % 3 === 0 ? ' HD' : ''}`,
      genre: index % 12 === 11 ? 10 : (index % 3) + 1,
      logo: index % 4 === 3 ? '' : `${101 + index}.png`,
      ...(index === 1 ? { archiveHours: 48 } : {}),
      ...(index % 20 === 19 ? { isClosed: true as const } : {}),
    })),
    categories: [
      { id: 21, title: 'Action' },
      { id: 22, title: 'Documentary' },
    ],
    films: Array.from({ length: 33 }, (_, index) => ({
      id: 700 + index,
      name: `Film ${index + 1}`,
      category: 21 + (index % 2),
      year: 1990 + index,
      bytes: 300_000 + index,
    })),
    series: Array.from({ length: 3 }, (_, index) => ({
      id: 900 + index,
      name: `Series ${index + 1}`,
      category: 22,
      seasons: index === 2 ? [6] : [3, 2],
    })),
  }
}

const PROGRAMME_SECONDS = 1800

/** The programmes of a channel in [from, to), epoch seconds: half an hour each, the same at every call. */
export function programmesOf(channel: PortalChannel, from: number, to: number): readonly PortalProgramme[] {
  const first = Math.floor(from / PROGRAMME_SECONDS)
  const last = Math.ceil(to / PROGRAMME_SECONDS)
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => {
    const slot = first + index
    return {
      id: slot * 1000 + (channel.id % 1000),
      title: `Programme ${slot % 48} of ${channel.name}`,
      text: slot % 2 === 0 ? `About it &amp; more (${slot % 7}/9)` : '',
      start: slot * PROGRAMME_SECONDS,
      stop: (slot + 1) * PROGRAMME_SECONDS,
    }
  })
}
