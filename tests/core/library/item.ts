import type { MediaId, MediaItem } from '../../../core/library/media-item.ts'

/** An item of a library with nothing of its own, and what a test says of it. */
export const anItem = (told: Partial<MediaItem> = {}): MediaItem => ({
  id: 'm1' as MediaId,
  library: 'films',
  path: 'One (1999).mkv',
  bytes: 1000,
  modifiedAt: 0,
  addedAt: 0,
  kind: 'film',
  title: 'One',
  series: null,
  season: null,
  episode: null,
  lastEpisode: null,
  year: null,
  plot: null,
  genres: [],
  rating: null,
  airedOn: null,
  facts: { durationMs: 60_000, container: 'matroska,webm', video: null, audio: [], subtitles: [], chaptersMs: [] },
  breaksMs: [],
  loudness: null,
  hasArtwork: false,
  problem: null,
  isMissing: false,
  ...told,
})
