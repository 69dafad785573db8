import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50']
const AAC = ['-c:a', 'aac', '-ac', '2']

/** A film of `seconds`: its picture and sound as FFmpeg's own sources make them, and how both are packed. */
type Film = {
  readonly file: string
  readonly seconds: number
  readonly picture: string
  /** Null: it has no sound. */
  readonly sound: string | null
  readonly codecs: readonly string[]
}

/** Different in codec, size, rate and sound, as in every cupboard. */
const FILMS: readonly Film[] = [
  {
    file: 'Films/Blue Hour (1978).mp4',
    seconds: 30,
    picture: 'testsrc2=size=1280x720:rate=25',
    sound: 'sine=frequency=220:sample_rate=48000',
    codecs: [...X264, ...AAC],
  },
  {
    file: 'Films/The Long Night (1964).mkv',
    seconds: 25,
    picture: 'rgbtestsrc=size=720x576:rate=25',
    sound: 'sine=frequency=330:sample_rate=48000',
    codecs: ['-c:v', 'mpeg2video', '-b:v', '2M', '-c:a', 'mp2', '-ac', '2'],
  },
  {
    file: 'Series/Test Cards/Season 1/Test Cards S01E01 Bars.mp4',
    seconds: 20,
    picture: 'smptehdbars=size=640x480:rate=30000/1001',
    sound: 'sine=frequency=440:sample_rate=44100',
    codecs: [...X264, ...AAC],
  },
  {
    file: 'Series/Test Cards/Season 1/Test Cards S01E02 Growth.mkv',
    seconds: 20,
    picture: 'life=size=480x270:rate=24:ratio=0.2:life_color=#40c0ff',
    sound: null,
    codecs: X264,
  },
  {
    file: 'Idents/Station Clock.mp4',
    seconds: 5,
    picture: 'testsrc=size=640x360:rate=25',
    sound: 'sine=frequency=880:beep_factor=4:sample_rate=48000',
    codecs: [...X264, ...AAC],
  },
]

/**
 * Fills a folder with some short films, one at a time, each made once. Nobody sees half a film. Fails with FFmpeg's message,
 * or the signal's reason.
 */
export async function makeFilms(ffmpegPath: string, folder: string, signal: AbortSignal): Promise<void> {
  for (const { file, seconds, picture, sound, codecs } of FILMS) {
    const target = join(folder, file)
    if (existsSync(target)) continue
    await mkdir(dirname(target), { recursive: true })
    // A hidden name: no scan takes it for a film before it is whole.
    const draft = join(dirname(target), `.draft${extname(file)}`)
    const inputs = [picture, sound].flatMap((source) => (source === null ? [] : ['-f', 'lavfi', '-i', source]))
    try {
      const args = ['-nostdin', '-loglevel', 'error', '-y', ...inputs, '-t', String(seconds), ...codecs, draft]
      await run(ffmpegPath, args, { signal })
      await rename(draft, target)
    } finally {
      await rm(draft, { force: true })
    }
  }
}
