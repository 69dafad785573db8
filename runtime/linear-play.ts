import { join } from 'node:path'
import { createLiveChannels } from '../adapters/linear/live-channels.ts'
import { openLibrary } from '../adapters/library/open-library.ts'
import type { LinearPorts } from '../adapters/sources/media/linear-room.ts'
import type { LineupReader } from '../core/lineup/lineup.ts'
import { streamId } from '../core/lineup/stream.ts'
import { systemTimers } from '../core/live/timers.ts'
import type { Media } from './media.ts'
import { createPlayouts } from './playouts.ts'
import type { Playouts, PlayoutsParts } from './playouts.ts'

/** What libraries need to be opened and played. `media`: once it is there, which is before anybody watches. */
export function createLinearPlay(
  parts: Omit<PlayoutsParts, 'ladder'> & {
    readonly media: () => Media
    readonly lineup: () => Pick<LineupReader, 'current'>
  },
): Pick<LinearPorts, 'openLibrary' | 'playoutOf' | 'encoderLimit' | 'canPlay'> {
  const { config, ffmpeg, media, lineup, log, now } = parts
  let made: Playouts | null = null
  const playouts = (): Playouts => (made ??= createPlayouts({ ...parts, ladder: media().ladder }))
  return {
    openLibrary: ({ id, path }) =>
      openLibrary({ id, path, dataDir: config.dataDir, ffmpeg: ffmpeg.path, now, timers: systemTimers, log }),
    playoutOf({ source, station, library, folder }) {
      const { id, name, house, looks } = station.doc
      const live = createLiveChannels({
        hub: media().hub,
        lineup: lineup(),
        self: streamId(source, id),
      })
      // The looks name a file of the library's own folder, never one outside of it.
      const logoFile = looks.logo == null ? null : join(folder, looks.logo.file)
      return playouts().of({ id, name, house, looks, line: station.planner, shelf: library, live, logoFile })
    },
    encoderLimit: () => playouts().limit(),
    canPlay: () => ffmpeg.path !== null && media().ladder.current() !== null,
  }
}
