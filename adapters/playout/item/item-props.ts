import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { ShelvedFile } from '../../../core/linear/line.ts'
import type { Looks } from '../../../core/linear/looks.ts'
import type { Log } from '../../../core/log.ts'
import { drawText, wrapText } from '../../ffmpeg/slate-picture.ts'
import { crawlPicture } from './crawl-picture.ts'
import { rasterOf } from './house-output.ts'
import type { HouseStyle, Size } from './house-output.ts'
import { FORMATS } from './item-args.ts'
import type { ItemProps, RawPicture } from './item-intent.ts'
import { createPieceShelf } from './piece-shelf.ts'
import { outputOf } from './short-run.ts'
import { chooseSubtitles } from './track-choice.ts'

/** Changes with everything that changes how they look. */
const VERSION = 1
const MAX_KEPT = 60
const LOGO_MS = 10_000
const MAX_LOGO_BYTES = 8 * 1024 * 1024
/** Subtitles lie all over the file, which has to be read whole; so long a programme waits for them. */
const SUBTITLES_MS = 10 * 60_000
const SUBTITLES_WAIT_MS = 2500
const MAX_SUBTITLE_BYTES = 16 * 1024 * 1024
/** Pictures that may be a logo: formats without further files. */
const LOGO_FORMATS = 'png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,gif,svg_pipe'
const TITLE_LETTERS = 36

/** What is made ready: for which channel, for which file, and what stands on the screen while there is only sound. */
export type PropsWish = {
  readonly style: HouseStyle
  readonly looks: Looks
  /** Null: what comes live. */
  readonly file: ShelvedFile | null
  readonly title: { readonly headline: string; readonly text: string | null }
  /** The logo's file; absolute. Null: there is none. */
  readonly logoFile: string | null
}

/** Makes what items need beside the film. */
export interface ItemPropsMaker {
  /**
   * All that can be had. What cannot be made is left out and logged; subtitles that take long are left out this time, and
   * are there the next time. Rejects only if the signal aborts.
   */
  prepare(wish: PropsWish, signal: AbortSignal): Promise<ItemProps>
}

/** What it needs. `dir`: where finished things stay. */
export type ItemPropsOptions = { readonly ffmpeg: { readonly path: string }; readonly dir: string; readonly log: Log }

/** Everything is made once, and kept on the disk under a name of plain letters: no name of a user's is part of a filter. */
export function createItemProps({ ffmpeg, dir, log }: ItemPropsOptions): ItemPropsMaker {
  const pictures = createPieceShelf({ dir, suffix: '.yuv', most: MAX_KEPT, log })
  const texts = createPieceShelf({ dir, suffix: '.ass', most: MAX_KEPT, log })
  const over = new AbortController()

  const logo = async ({ looks, style, logoFile }: PropsWish): Promise<RawPicture | null> => {
    const wish = looks.logo
    if (wish === null || logoFile === null) return null
    const raster = rasterOf(style.house)
    const width = Math.max(2, Math.round((raster.width * wish.widthPercent) / 200) * 2)
    const about = await stat(logoFile).catch(() => null)
    if (about === null || about.size > MAX_LOGO_BYTES) {
      log('warn', 'logo-missing', { bytes: about?.size ?? null })
      return null
    }
    const name = hashOf('logo', logoFile, about.mtimeMs, about.size, width, wish.opacityPercent)
    const make = async (): Promise<Uint8Array | null> => {
      const image = await readFile(logoFile)
      return outputOf(ffmpeg.path, logoArgs(width, wish.opacityPercent), {
        input: new Uint8Array(image),
        timeoutMs: LOGO_MS,
        maxBytes: raster.width * raster.height * 3,
        signal: over.signal,
      })
    }
    const bytes = await pictures.piece(name, make).catch(() => null)
    // Four bytes of brightness and opacity each, and one of both colours, for four pixels.
    const height = bytes === null ? 0 : bytes.length / 2.5 / width
    const path = height > 0 && Number.isInteger(height) ? await pictures.file(name, make) : null
    if (path === null) log('warn', 'logo-unreadable', {})
    return path === null || height > raster.height ? null : { path, width, height }
  }

  const crawl = async ({ looks, style }: PropsWish): Promise<RawPicture | null> => {
    if (looks.crawl === null) return null
    const drawn = crawlPicture(looks.crawl, rasterOf(style.house))
    const name = hashOf('crawl', looks.crawl.lines, drawn.width, drawn.height)
    const path = await pictures.file(name, async () => drawn.bytes)
    return path === null ? null : { path, width: drawn.width, height: drawn.height }
  }

  const titleOf = async ({ style, file, title }: PropsWish): Promise<RawPicture | null> => {
    if (file === null || file.facts.video !== null) return null
    const raster: Size = rasterOf(style.house)
    const words = { headline: title.headline, lines: wrapText(title.text ?? '', TITLE_LETTERS, 4) }
    const path = await pictures.file(hashOf('title', words, raster), async () => drawText(words, raster))
    return path === null ? null : { path, ...raster }
  }

  const subtitles = async ({ looks, file }: PropsWish): Promise<string | null> => {
    const track = file === null ? null : chooseSubtitles(file.facts.subtitles, looks.subtitles)
    if (file === null || track === null || !track.isText) return null
    const about = await stat(file.path).catch(() => null)
    if (about === null) return null
    return texts.file(hashOf('subtitles', file.path, about.mtimeMs, about.size, track.index), () =>
      outputOf(ffmpeg.path, subtitleArgs(file.path, track.index), {
        input: null,
        timeoutMs: SUBTITLES_MS,
        maxBytes: MAX_SUBTITLE_BYTES,
        signal: over.signal,
      }),
    )
  }

  return {
    async prepare(wish, signal) {
      const [logoPicture, crawlText, title, text] = await Promise.all([
        logo(wish),
        crawl(wish),
        titleOf(wish),
        within(SUBTITLES_WAIT_MS, subtitles(wish), signal),
      ])
      signal.throwIfAborted()
      if (text === 'late') log('info', 'subtitles-late', {})
      return { logo: logoPicture, crawl: crawlText, title, subtitles: text === 'late' ? null : text }
    },
  }
}

const hashOf = (...about: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify([VERSION, ...about]))
    .digest('hex')
    .slice(0, 32)

/** Colours as the channel's, so that white is white and red the same red. */
const logoArgs = (width: number, opacityPercent: number): readonly string[] =>
  [
    ['-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe', '-format_whitelist', LOGO_FORMATS],
    ['-i', 'pipe:0', '-frames:v', '1', '-vf'],
    [
      `format=rgba,colorchannelmixer=aa=${(opacityPercent / 100).toFixed(2)},` +
        `scale=${width}:-2:out_color_matrix=bt709:out_range=tv,format=yuva420p`,
    ],
    ['-f', 'rawvideo', 'pipe:1'],
  ].flat()

const subtitleArgs = (path: string, index: number): readonly string[] =>
  [
    ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file', '-format_whitelist', FORMATS],
    ['-i', `file:${path}`, '-map', `0:s:${index}`, '-c:s', 'ass', '-f', 'ass', 'pipe:1'],
  ].flat()

/** What comes in time; `late` otherwise. Work that is late goes on. */
async function within<T>(ms: number, work: Promise<T>, signal: AbortSignal): Promise<T | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ms)
  const stop = (): void => resolve('late')
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
