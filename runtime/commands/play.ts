import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { resolveFfmpeg } from '../../adapters/ffmpeg/resolve.ts'
import { openProbe } from '../../adapters/library/probe/open-probe.ts'
import type { MediaFacts } from '../../core/library/media-item.ts'
import { DEFAULT_HOUSE, HOUSE_FRAME_RATES } from '../../core/linear/house-format.ts'
import type { HouseFormat } from '../../core/linear/house-format.ts'
import type { Command, Options } from '../command.ts'
import { runHouse } from '../house.ts'
import { loadConfig, readConfig } from '../load-config.ts'
import { createFileLine } from '../play/file-line.ts'
import { findFiles } from '../play/find-files.ts'
import { assemblePlay } from '../play/play-house.ts'
import { probeFiles } from '../play/probe-files.ts'
import { StartError } from '../start-error.ts'
import { UsageError } from '../usage-error.ts'

/** What players hold in their buffers when the last file has ended. */
const PLAY_OUT_MS = 3000
const LOOK_EVERY_MS = 250
const MOST_PIXELS = { width: 1920, height: 1080 }

/**
 * `play FILE…|FOLDER|"Series" [--season N] [--episode N] [--loop] [--transcode|--copy]`: one channel of these files, as TS,
 * HLS and playlist, from the moment on when somebody first watches. Ends after the last file, or by a signal. No house is
 * needed or touched: what it makes lies in a folder of the system's own, and goes with it.
 */
export const play: Command = async ({ host, words, options }) => {
  const { season, episode, loop, transcode, copy, ...rest } = options
  if (transcode !== undefined && copy !== undefined)
    throw new UsageError('--transcode and --copy exclude each other: leave one out')
  const folders = ['.', ...seriesFolders(rest)]
  const numbers = { season: readNumber('season', season), episode: readNumber('episode', episode) }
  const paths = await findFiles({ words, ...numbers, folders })
  const dir = await mkdtemp(join(tmpdir(), 'downlink-play-'))
  try {
    const { config: _, ...given } = rest
    // Pictures for this machine and its network: who may look was decided with the command.
    const config = readConfig({
      file: { access: { anonymous: 'lan' }, timeShift: { minutes: 0 } },
      env: process.env['FFMPEG_PATH'] === undefined ? {} : { FFMPEG_PATH: process.env['FFMPEG_PATH'] },
      options: { ...given, data: dir },
    })
    const ffmpeg = await resolveFfmpeg({ configured: config.ffmpeg.path, log: () => {} })
    const probe = await openProbe(ffmpeg.path)
    if (ffmpeg.path === null || probe === null)
      throw new StartError('Files are played by FFmpeg, and there is none: install ffmpeg, or set FFMPEG_PATH')
    const files = await probeFiles(paths, probe, AbortSignal.timeout(600_000))
    const line = createFileLine(files, { loop: loop !== undefined, now: Date.now })
    const format = { ...formatOf(files[0]?.facts), mode: copy === undefined ? 'normalise' : 'copy' } as const
    const name = words.length === 1 ? basename(words[0] ?? '') : `${words.length} files`
    let timer: ReturnType<typeof setInterval> | undefined
    const over = new Promise<string>((resolve) => {
      timer = setInterval(() => {
        if (Date.now() > (line.endsAt() ?? Infinity) + PLAY_OUT_MS) resolve('the last file is over')
      }, LOOK_EVERY_MS)
    })
    try {
      return await runHouse(
        host,
        config,
        ({ log }) => assemblePlay({ host, config, ffmpeg, name, line, format, log }),
        over,
      )
    } finally {
      clearInterval(timer)
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Folders of the house that is configured here, if one is: series are called by name there. */
function seriesFolders(options: Options): readonly string[] {
  const { listen: _, ...rest } = options
  return loadConfig(rest).sources.flatMap((source) => (source.kind === 'media' ? [source.settings.path] : []))
}

function readNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`Option --${option} should be a number, is "${text}"`)
  return Number(text)
}

/** The format nearest to the first file's, so that it loses nothing that a television would show. */
function formatOf(facts: MediaFacts | undefined): HouseFormat {
  const video = facts?.video ?? null
  if (video === null) return DEFAULT_HOUSE
  const fits = video.width <= MOST_PIXELS.width && video.height <= MOST_PIXELS.height
  const even = (pixels: number): number => Math.max(64, pixels - (pixels % 2))
  const size = fits ? { width: even(video.width), height: even(video.height) } : MOST_PIXELS
  const wanted = video.frameRate === null ? DEFAULT_HOUSE.frameRate : video.frameRate.num / video.frameRate.den
  const [frameRate = DEFAULT_HOUSE.frameRate] = HOUSE_FRAME_RATES.toSorted(
    (a, b) => Math.abs(a - wanted) - Math.abs(b - wanted),
  )
  const videoKbps = size.height > 720 ? 6000 : DEFAULT_HOUSE.videoKbps
  return { ...DEFAULT_HOUSE, ...size, frameRate, videoKbps }
}
