import type { PictureFacts } from '../../../core/library/media-item.ts'
import type { HouseFormat } from '../../../core/linear/house-format.ts'
import { encoderInput } from '../../ffmpeg/video-encoder.ts'
import { contentsOf, rasterOf } from './house-output.ts'
import type { Size } from './house-output.ts'
import type { ItemIntent } from './item-intent.ts'
import { CRAWL_MARGIN, crawlFilters, logoFilters } from './overlay-chain.ts'
import { chooseSubtitles } from './track-choice.ts'

/** From this height on a picture that does not say its colours has those of high definition. */
const HIGH_DEFINITION = 720

/** The rows that FFmpeg counts a picture by when it makes ASS of other subtitles. */
const ASS_ROWS = 288

/** Inputs of FFmpeg by what they are; absent: there is no such input. */
export type PictureInputs = {
  readonly logo?: number
  readonly crawl?: number
}

/**
 * The filter graph of the picture, from the file (input 0, or the title's picture where the file has none) to `[v]`.
 *
 * Whole pictures, the channel's rate from time 0 on (`start_time`: files whose picture starts late), its raster with black
 * at the sides, no HDR, the last picture standing (`tpad`) where the file ends early, then what is drawn over it, and
 * exactly the pictures of the piece.
 */
export function pictureGraph(intent: ItemIntent, inputs: PictureInputs): string {
  const { house, file, duration90k, encoder } = intent
  const { pictures } = contentsOf(duration90k, house)
  const { video } = file.facts
  const source = video === null ? [stillSource(house)] : [`${pictureSource(intent, video)},${fitting(intent, video)}`]
  // A live stream that ends has to be told from one that shows a picture that stands.
  const standing = file.path === null ? [] : ['tpad=stop=-1:stop_mode=clone']
  const base = [...source, ...standing, ...subtitleFilters(intent)].join(',')
  const graph = [base, ...logoFilters(intent, inputs.logo), ...crawlFilters(intent, inputs.crawl)]
  const tags = 'setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709'
  return `${graph.join('')},setsar=1,${tags},trim=end_frame=${pictures},${encoderInput(encoder)}[v]`
}

/** The title's picture is the whole input; it stands for ever. */
const stillSource = ({ frameRate }: HouseFormat): string =>
  `[0:v:0]loop=loop=-1:size=1:start=0,setpts=N/(${frameRate}*TB)`

/** From the file to whole pictures at the channel's rate. Subtitles that are pictures lie on the film's own raster. */
function pictureSource(intent: ItemIntent, video: PictureFacts): string {
  const { house, tools, looks, file, isPlain } = intent
  const rate = `fps=${house.frameRate}:start_time=0`
  // Two pictures of each frame where the channel is fast enough: movement stays as smooth as it was sent.
  const mode = house.frameRate >= 50 ? 'send_field' : 'send_frame'
  const whole = `${tools.filters.has('bwdif') ? 'bwdif' : 'yadif'}=mode=${mode}:deint=interlaced`
  const film = video.isInterlaced ? `[0:V:0]${whole}` : '[0:V:0]null'
  const titles = isPlain ? null : chooseSubtitles(file.facts.subtitles, looks.subtitles)
  if (titles === null || titles.isText || !tools.filters.has('overlay')) return `${film},${rate}`
  const size = `${video.width}:${video.height}`
  return `[0:s:${titles.index}]scale=${size}[titles];${film}[film];[film][titles]overlay=eof_action=pass,${rate}`
}

/** Into the channel's raster: as large as fits, square pixels, standard dynamic range, colours of high definition. */
function fitting({ house, tools, isPlain }: ItemIntent, video: PictureFacts): string {
  const raster = rasterOf(house)
  const { width, height } = video.width === 0 ? fitAny(raster) : fit(video, raster)
  const pad = `pad=${raster.width}:${raster.height}:-1:-1,setsar=1`
  if (video.isHdr && !isPlain && tools.filters.has('zscale') && tools.filters.has('tonemap'))
    return [
      `zscale=w=${width}:h=${height}:t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0`,
      `zscale=t=bt709:m=bt709:r=tv,format=yuv420p,${pad}`,
    ].join(',')
  const from = Math.max(video.width, video.height) >= 1280 || video.height >= HIGH_DEFINITION ? 'bt709' : 'auto'
  return `scale=${width}:${height}:in_color_matrix=${from}:out_color_matrix=bt709:out_range=tv,format=yuv420p,${pad}`
}

/** The same as `fit` for a picture that is not known before it comes. */
const fitAny = ({ width, height }: Size): { readonly width: string; readonly height: string } => ({
  width: `'if(gt(dar,${width}/${height}),${width},2*round(${height}*dar/2))'`,
  height: `'if(gt(dar,${width}/${height}),2*round(${width}/dar/2),${height})'`,
})

const even = (pixels: number, most: number): number => Math.max(2, Math.min(most, Math.round(pixels / 2) * 2))

/** Size of the film in the raster: its proportions kept, even sides, turned as it has to be. */
export function fit({ width, height, pixelAspect, rotation }: PictureFacts, raster: Size): Size {
  const aspect = (width * pixelAspect.num) / (height * pixelAspect.den)
  const shown = rotation % 180 === 0 ? aspect : 1 / aspect
  return shown > raster.width / raster.height
    ? { width: raster.width, height: even(raster.width / shown, raster.height) }
    : { width: even(raster.height * shown, raster.width), height: raster.height }
}

/** Text subtitles count from the beginning of the file, the pictures here from where the piece begins. */
function subtitleFilters({ props, house, inMs, tools, looks, isPlain }: ItemIntent): readonly string[] {
  if (props.subtitles === null || isPlain || !tools.filters.has('subtitles')) return []
  const before = Math.round((inMs * house.frameRate) / 1000)
  // They stand on a crawl's band instead of under it.
  const covered =
    looks.crawl?.place === 'bottom' ? (props.crawl?.height ?? 0) / rasterOf(house).height + CRAWL_MARGIN : 0
  const lifted = covered === 0 ? '' : `:force_style=MarginV=${Math.round(ASS_ROWS * covered) + 8}`
  const draw = `subtitles=filename=${escapedForFilter(props.subtitles)}${lifted}`
  return [`setpts=PTS+${before}`, draw, `setpts=PTS-${before}`]
}

/**
 * A path as the value of an option within a filter graph: FFmpeg reads it twice, first as a graph, then as options.
 * Source: ffmpeg-filters, "Notes on filtergraph escaping".
 */
export const escapedForFilter = (path: string): string =>
  path.replace(/[\\':]/g, (sign) => `\\${sign}`).replace(/[\\'[\],;]/g, (sign) => `\\${sign}`)
