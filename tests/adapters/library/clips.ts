import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const picture = (size: string, rate = '25'): string => `-f lavfi -i testsrc2=s=${size}:r=${rate}:d=1`
const sound = (rate: number, layout: string): string =>
  `-f lavfi -i sine=f=440:r=${rate}:d=1,aformat=channel_layouts=${layout}`
const H264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p'
const H265 = '-c:v libx265 -preset ultrafast -x265-params log-level=none'

const SUBTITLES = '1\n00:00:00,100 --> 00:00:00,900\nA line\n'
const CHAPTERS = `;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=400
title=One
[CHAPTER]
TIMEBASE=1/1000
START=400
END=1000
title=Two
`

/** How each clip is made, arguments with blanks between; `{…}` are other files of the folder. */
const RECIPES: Readonly<Record<string, string>> = {
  'plain.mp4': `${picture('320x180')} ${sound(48_000, 'stereo')} ${H264} -c:a aac -b:a 64k`,
  'rich.mkv': `${picture('320x180', '24000/1001')} ${sound(48_000, '5.1')} -i {lines.srt} -i {chapters.txt}
    -map 0 -map 1 -map 2 -map_metadata 3 ${H265} -pix_fmt yuv420p -c:a ac3 -c:s srt -metadata:s:a:0 language=ger
    -metadata:s:a:0 title=Director:5.1 -metadata:s:s:0 language=eng -disposition:s:0 forced`,
  'broadcast.ts': `${picture('352x288', '50')} ${sound(48_000, 'stereo')}
    -vf tinterlace=interleave_top,setfield=tff,setsar=16/11 -r 25 -flags +ilme+ildct -top 1
    -c:v mpeg2video -b:v 500k -c:a mp2 -b:a 128k -metadata:s:a:0 language=deu`,
  'silent.mp4': `${picture('320x180', '30000/1001')} ${H264}`,
  'sound.mp3': `${sound(22_050, 'mono')} -c:a libmp3lame -b:a 32k`,
  'cover.mp3': `-i {sound.mp3} ${picture('64x64', '1')} -map 0 -map 1 -c:a copy -c:v mjpeg -pix_fmt yuvj420p
    -disposition:v:0 attached_pic -id3v2_version 3`,
  'odd.mkv': `${picture('320x180')} -vf scale=321:181,setsar=1 -c:v ffv1 -pix_fmt yuv444p`,
  'hdr.mkv': `${picture('320x180')} ${H265} -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084
    -colorspace bt2020nc`,
}

/** Names that people give files, all of the same clip. */
export const ODD_NAMES = [
  `it's "50%" [a], b; c: d\\e?*.mp4`,
  '-lead.mp4',
  '📺 Fernsehen — ü.mp4',
  'file:x.mp4',
  ' blank .mp4',
]

/** Clips of a second each, made by FFmpeg in a folder of their own that `dispose` takes away. */
export type Clips = AsyncDisposable & { readonly path: (name: string) => string }

/** Makes them; with the right names only those. */
export async function makeClips(ffmpeg: string, only?: readonly string[]): Promise<Clips> {
  const folder = await mkdtemp(join(tmpdir(), 'downlink-clips-'))
  const path = (name: string): string => join(folder, name)
  await writeFile(path('lines.srt'), SUBTITLES)
  await writeFile(path('chapters.txt'), CHAPTERS)
  for (const [name, recipe] of Object.entries(RECIPES)) {
    if (only !== undefined && !only.includes(name)) continue
    const args = recipe.split(/\s+/).map((arg) => arg.replace(/^\{(.*)\}$/, (_, other: string) => path(other)))
    await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, '-t', '1', path(name)])
  }
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** Adds what no FFmpeg makes: the odd names, a film that lies on its side, an empty file, a text, a list that names others, a file cut off. */
export async function spoil({ path }: Clips): Promise<void> {
  for (const name of ODD_NAMES) await copyFile(path('plain.mp4'), path(name))
  await (await open(path('empty.mp4'), 'w')).close()
  await writeFile(path('text.mkv'), 'This is no film.\n'.repeat(100))
  await writeFile(path('list.mp4'), "ffconcat version 1.0\nfile 'plain.mp4'\n")
  await copyFile(path('plain.mp4'), path('cut.mp4'))
  const turned = await readFile(path('silent.mp4'))
  // The matrix of the track header (ISO/IEC 14496-12, 8.3.2): 90 degrees clockwise.
  const matrix = turned.indexOf('tkhd') + 4 + 40
  for (const [index, value] of [0, 0x10000, 0, -0x10000, 0, 0].entries()) turned.writeInt32BE(value, matrix + 4 * index)
  await writeFile(path('turned.mp4'), turned)
  await truncate(path('cut.mp4'), Math.floor((await stat(path('plain.mp4'))).size / 2))
}
