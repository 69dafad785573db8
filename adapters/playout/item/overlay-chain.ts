import type { Crawl, Logo } from '../../../core/linear/looks.ts'
import { rasterOf } from './house-output.ts'
import type { ItemIntent, RawPicture } from './item-intent.ts'

/** Of the picture's height, between a crawl and the edge: what old sets do not show. */
export const CRAWL_MARGIN = 0.05

/** From the chain before to the one with the logo; empty: no logo now. `input`: its number. */
export function logoFilters(intent: ItemIntent, input: number | undefined): readonly string[] {
  const { looks, props, house } = intent
  const { logo } = looks
  if (input === undefined || logo === null || props.logo === null) return []
  const { x, y } = placeOf(logo, props.logo, rasterOf(house))
  const overlay = `overlay=x=${x}:y=${y}:eof_action=repeat:format=yuv420`
  const { timing } = logo
  if (timing.kind === 'always') return [`[below];[${input}:v:0]null[logo];[below][logo]${overlay}`]
  const { everyMs, holdMs, fadeMs } = timing
  const [every, hold, fade] = [everyMs / 1000, holdMs / 1000, fadeMs / 1000]
  const passed = (time: string): string => `mod(${time}+${phaseOf(intent, timing)},${every})`
  const isSeen = `lt(${passed('t')},${hold})`
  const edge = (time: string): string => `min(${passed(time)},${hold}-${passed(time)})`
  // Only while it fades every pixel is computed.
  const fading =
    fade === 0
      ? ''
      : `,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='alpha(X,Y)*clip(${edge('T')}/${fade},0,1)'` +
        `:enable='lt(${edge('t')},${fade})*${isSeen}'`
  const running = `loop=loop=-1:size=1:start=0,setpts=N/(${house.frameRate}*TB)${fading}`
  return [`[below];[${input}:v:0]${running}[logo];[below][logo]${overlay}:enable='${isSeen}'`]
}

/** Seconds of the rhythm that have passed at the first picture of the piece. */
function phaseOf({ wallStart, inMs }: ItemIntent, rhythm: Rhythm): number {
  const passed = (rhythm.clock === 'wall' ? wallStart : inMs) - rhythm.phaseMs
  return (((passed % rhythm.everyMs) + rhythm.everyMs) % rhythm.everyMs) / 1000
}

type Rhythm = Extract<Logo['timing'], { kind: 'periodic' }>

/** Where a picture stands on the raster; its colours want even places. */
export function placeOf(
  { place, marginXPercent, marginYPercent }: Pick<Logo, 'place' | 'marginXPercent' | 'marginYPercent'>,
  { width, height }: Pick<RawPicture, 'width' | 'height'>,
  raster: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number } {
  const [mx, my] = [(raster.width * marginXPercent) / 100, (raster.height * marginYPercent) / 100]
  const x = place.endsWith('left')
    ? mx
    : place.endsWith('right')
      ? raster.width - width - mx
      : (raster.width - width) / 2
  const y = place.startsWith('top')
    ? my
    : place.startsWith('bottom')
      ? raster.height - height - my
      : (raster.height - height) / 2
  return { x: even(x), y: even(y) }
}

const even = (value: number): number => Math.max(0, Math.round(value / 2) * 2)

/** From the chain before to the one with the crawl and the dark band behind it; empty: no crawl now. */
export function crawlFilters(intent: ItemIntent, input: number | undefined): readonly string[] {
  const { looks, props, house, wallStart } = intent
  const { crawl } = looks
  const text = props.crawl
  if (input === undefined || crawl === null || text === null) return []
  const raster = rasterOf(house)
  const speed = crawlSpeed(crawl, house)
  const pass = (raster.width + text.width) / speed
  const every = crawl.everyMs === null ? pass : Math.max(pass, crawl.everyMs / 1000)
  const phase = (((((wallStart - crawl.phaseMs) / 1000) % every) + every) % every).toFixed(4)
  const passed = `mod(t+${phase},${every.toFixed(6)})`
  const isSeen = crawl.everyMs === null ? '1' : `lt(${passed},${pass.toFixed(6)})`
  const margin = Math.round((raster.height * CRAWL_MARGIN) / 2) * 2
  const y = crawl.place === 'top' ? margin : raster.height - margin - text.height
  // Two pixels are the smallest step that a picture with halved colours can be moved by.
  const x = `${raster.width}-2*floor(${passed}*${speed}/2+0.5)`
  const band = `drawbox=x=0:y=${y}:w=iw:h=${text.height}:color=black@0.6:t=fill:enable='${isSeen}'`
  return [
    `,${band}[plain];[${input}:v:0]null[crawl];[plain][crawl]overlay=x='${x}':y=${y}:eof_action=repeat:format=yuv420:enable='${isSeen}'`,
  ]
}

/** Pixels a second: an even number of them from picture to picture, or it would jerk. */
export function crawlSpeed(
  { speedPercent }: Pick<Crawl, 'speedPercent'>,
  { width, frameRate }: { readonly width: number; readonly frameRate: number },
): number {
  return 2 * Math.max(1, Math.round((width * speedPercent) / 100 / frameRate / 2)) * frameRate
}
