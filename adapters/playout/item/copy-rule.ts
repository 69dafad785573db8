import { soundChannels } from './house-output.ts'
import type { ItemIntent } from './item-intent.ts'
import { chooseSound } from './track-choice.ts'

/** What of a file passes as it is, and why the rest does not; `limits` are for the owner. */
export type CopyChoice = {
  readonly copiesPicture: boolean
  readonly copiesSound: boolean
  readonly limits: readonly string[]
}

/**
 * Whether picture and sound can be copied into the channel (`linear-channels.md` §6). A picture that is copied begins at a
 * key frame, has the channel's codec, raster and rate, and nothing is drawn over it; at its end it may overlap the next
 * item by up to two pictures, which the joiner leaves out.
 */
export function copyChoice(intent: ItemIntent): CopyChoice {
  const { house, file, looks } = intent
  if (house.mode === 'normalise' || file.path === null) return { copiesPicture: false, copiesSound: false, limits: [] }
  const picture = pictureObstacles(intent)
  const [track] = chooseSound(file.facts.audio, looks)
  const sound =
    house.mode === 'audio-only' ||
    looks.audioTracks !== 1 ||
    track === undefined ||
    track.codec !== house.audioCodec ||
    track.sampleRate !== 48_000 ||
    track.channels !== soundChannels(house)
  const copiesPicture = picture.length === 0
  const drawn = [looks.logo && 'logo', looks.crawl && 'crawl', looks.subtitles.mode !== 'off' && 'subtitles'].filter(
    (name) => typeof name === 'string',
  )
  return {
    copiesPicture,
    copiesSound: copiesPicture && !sound,
    limits: copiesPicture
      ? drawn.map((name) => `A picture that is copied shows no ${name}`)
      : picture.map((obstacle) => `The picture is encoded anew: ${obstacle}`),
  }
}

function pictureObstacles({ house, file, isAtKeyFrame, isPlain }: ItemIntent): readonly string[] {
  const { video } = file.facts
  if (video === null) return ['the file has none']
  const { num = 0, den = 1 } = video.frameRate ?? {}
  const checks: readonly (readonly [boolean, string])[] = [
    [!isPlain, 'copying it has failed'],
    [video.codec === 'h264', `it is ${video.codec}, the channel h264`],
    [
      video.pixelFormat === null || /^yuvj?420p$/.test(video.pixelFormat),
      `it is ${video.pixelFormat}, the channel yuv420p`,
    ],
    [
      video.width === house.width && video.height === house.height,
      `it has ${video.width}×${video.height} pixels, the channel ${house.width}×${house.height}`,
    ],
    [
      num === house.frameRate * den,
      `it has ${(num / den).toFixed(2)} pictures a second, the channel ${house.frameRate}`,
    ],
    [video.pixelAspect.num === video.pixelAspect.den, 'its pixels are not square'],
    [!video.isInterlaced, 'it is interlaced'],
    [!video.isHdr, 'it is HDR'],
    [video.rotation === 0, 'it has to be turned'],
    [isAtKeyFrame, 'it does not begin at a key frame'],
  ]
  return checks.filter(([holds]) => !holds).map(([, obstacle]) => obstacle)
}
