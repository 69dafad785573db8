import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Files of a folder by path, and how many seconds each lasts. */
export type FilmFolder = Readonly<Record<string, number>>

/** A small folder: two films, a series of three, an advert. */
export const SMALL_FOLDER: FilmFolder = {
  'Films/Metropolis (1927).mp4': 1500,
  'Films/Nosferatu (1922).mp4': 1290,
  'Series/Dinner/Season 1/Dinner S01E01 First course.mp4': 720,
  'Series/Dinner/Season 1/Dinner S01E02 Second course.mp4': 660,
  'Series/Dinner/Season 1/Dinner S01E03 Dessert.mp4': 780,
  'Commercials/Soap.mp4': 20,
}

/** Makes the files with FFmpeg: real, long and tiny, a dark picture and a quiet tone. */
export function makeFilms(folder: string, films: FilmFolder = SMALL_FOLDER): void {
  for (const [index, [path, seconds]] of Object.entries(films).entries()) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    const picture = `color=0x10${20 + index}40:s=64x36:r=2:d=${seconds}`
    const tone = `sine=f=${200 + 50 * index}:r=8000:d=${seconds}`
    const made = '-c:v libx264 -preset ultrafast -g 20 -c:a aac -b:a 8k'.split(' ')
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      picture,
      '-f',
      'lavfi',
      '-i',
      tone,
      ...made,
      file,
    ])
  }
}
