import { encoderDevice } from '../../ffmpeg/video-encoder.ts'
import { copyChoice } from './copy-rule.ts'
import {
  muxOptions,
  pictureOptions,
  rasterOf,
  seconds90k,
  soundLayout,
  soundOptions,
  trackLabels,
} from './house-output.ts'
import type { ItemIntent, RawPicture } from './item-intent.ts'
import { pictureGraph } from './picture-chain.ts'
import { mixesDown, soundChain } from './sound-chain.ts'
import { chooseSound } from './track-choice.ts'

/** Demuxers for what a library holds. Others may name further files (HLS, concat, SDP), which nobody has looked at. */
export const FORMATS =
  'mov,matroska,webm,mpegts,mpeg,mpegvideo,avi,asf,flv,ogg,rm,wtv,mxf,gxf,dv,nut,ivf,h264,hevc,m4v,vob,vc1,' +
  'mp3,aac,ac3,eac3,flac,wav,w64,aiff,caf,ape,wv,tta,dts,truehd,opus'

/**
 * The arguments that make FFmpeg play one piece of a channel: a stretch of a file in, TS in the channel's format on the
 * standard output, with exactly the pictures and sound of `duration90k` from `offset90k` on.
 *
 * Pure: the same intent makes the same arguments. Texts and names reach FFmpeg as arguments or in files, never within a
 * filter. Source of every unusual part: `linear-channels.md` §6; where this differs, the comment says why.
 */
export function itemArgs(intent: ItemIntent): readonly string[] {
  const { file, house, encoder, offset90k, duration90k } = intent
  const { video } = file.facts
  const { copiesPicture, copiesSound } = copyChoice(intent)
  const inputs = new InputList(house.frameRate)
  const tracks = chooseSound(file.facts.audio, intent.looks)
  // The title's picture is input 0 where the file has none: the graph of the picture looks the same then.
  if (video === null)
    if (intent.props.title !== null) inputs.picture(intent.props.title, 'yuv420p')
    else inputs.add(['-f', 'lavfi', '-i', blank(house)])
  const media = inputs.add(mediaInput(intent, tracks[0]?.codec ?? null))
  const silence =
    tracks.length > 0 ? null : inputs.add(['-f', 'lavfi', '-i', `anullsrc=r=48000:cl=${soundLayout(house)}`])
  const isHidden = (looks: { readonly hideDuringFiller: boolean } | null): boolean =>
    looks === null ||
    (intent.isFiller && looks.hideDuringFiller) ||
    intent.isPlain ||
    !intent.tools.filters.has('overlay')
  const { logo, crawl } = intent.props
  const shows = (picture: RawPicture | null, hidden: boolean): picture is RawPicture =>
    picture !== null && !hidden && !copiesPicture
  const pictures = {
    ...(shows(logo, isHidden(intent.looks.logo)) && { logo: inputs.picture(logo, 'yuva420p') }),
    ...(shows(crawl, isHidden(intent.looks.crawl)) && { crawl: inputs.picture(crawl, 'yuva420p') }),
  }
  const sounds = Array.from({ length: intent.looks.audioTracks }, (_, index) => ({
    label: `a${index}`,
    input: silence ?? media,
    track: tracks[index] ?? null,
  }))
  return [
    ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+warning'],
    copiesPicture ? [] : encoderDevice(encoder),
    inputs.args(),
    copiesPicture ? [] : ['-filter_complex', pictureGraph(intent, pictures)],
    copiesSound ? [] : sounds.flatMap((one) => ['-filter_complex', soundChain(intent, one)]),
    // In copy mode this is the only end, and one on the DTS: up to two pictures too many, which the joiner cuts.
    copiesPicture ? ['-t', seconds90k(duration90k)] : [],
    copiesPicture
      ? ['-map', `${media}:V:0`, '-c:v', 'copy', '-bsf:v', 'h264_mp4toannexb']
      : ['-map', '[v]', ...pictureOptions(encoder, house)],
    copiesSound
      ? ['-map', `${media}:a:${tracks[0]?.index ?? 0}`, '-c:a', 'copy', ...trackLabels(intent.looks)]
      : [...sounds.flatMap(({ label }) => ['-map', `[${label}]`]), ...soundOptions(intent, intent.tools)],
    muxOptions(intent, offset90k),
  ].flat()
}

/** The file, or what comes live. `file:` before a name: one with a colon, or that begins like an option, stays a name. */
function mediaInput({ file, inMs, house, tools, isPlain }: ItemIntent, sound: string | null): readonly string[] {
  const { video } = file.facts
  const layout = house.audioChannels === 1 ? 'mono' : 'stereo'
  if (file.path === null)
    return [
      // Which codec comes is not known: of any other than AC-3 FFmpeg says that the option is of no use.
      ['-protocol_whitelist', 'pipe', ...(tools.hasDownmix && house.audioChannels <= 2 ? ['-downmix', layout] : [])],
      ['-fflags', '+genpts', '-f', 'mpegts', '-analyzeduration', '500000', '-probesize', '1000000', '-i', 'pipe:0'],
    ].flat()
  const mixes = house.audioChannels <= 2 && mixesDown(tools, { codec: sound ?? '' })
  // A picture that changes its size within the file only meets the scaler, which copes; a graph that is built anew would
  // begin at 0 again. A deinterlacer does not cope, and a picture that is turned has further filters before it.
  const isSteady = video !== null && !video.isInterlaced && video.rotation === 0 && !isPlain
  return [
    ['-protocol_whitelist', 'file', '-format_whitelist', FORMATS],
    inMs > 0 ? ['-ss', (inMs / 1000).toFixed(3)] : [],
    isSteady ? ['-reinit_filter:v', '0'] : [],
    mixes ? ['-downmix', layout] : [],
    ['-i', `file:${file.path}`],
  ].flat()
}

/** Dark blue. */
const blank = (house: ItemIntent['house']): string => {
  const { width, height } = rasterOf(house)
  return `color=c=0x0e1a33:size=${width}x${height}:rate=${house.frameRate}`
}

/** The inputs of one FFmpeg, numbered as they come. */
class InputList {
  readonly #frameRate: number
  readonly #inputs: (readonly string[])[] = []

  constructor(frameRate: number) {
    this.#frameRate = frameRate
  }

  add(input: readonly string[]): number {
    return this.#inputs.push(input) - 1
  }

  picture({ path, width, height }: RawPicture, format: string): number {
    return this.add(
      [
        ['-protocol_whitelist', 'file', '-f', 'rawvideo', '-pixel_format', format],
        ['-video_size', `${width}x${height}`, '-framerate', String(this.#frameRate), '-i', `file:${path}`],
      ].flat(),
    )
  }

  args(): readonly string[] {
    return this.#inputs.flat()
  }
}
