import * as v from 'valibot'
import { decodeEscaped } from '../../../core/entities.ts'
import { Failure } from '../../../core/errors.ts'
import { cleanDvbLine, cleanDvbText } from '../../../core/guide/dvb-text.ts'
import { splitTexts } from '../../../core/guide/event-texts.ts'

/** A file in the receiver's list of recordings. */
export type Movie = {
  /** Absolute path on the box; it is asked for by nothing else. */
  readonly file: string
  readonly title: string
  readonly subtitle: string | null
  readonly description: string | null
  readonly channelName: string | null
  /** Epoch milliseconds. */
  readonly beginsAt: number | null
  /** Null for a recording that runs, and where the box has lost its notes. */
  readonly durationSeconds: number | null
  readonly sizeBytes: number | null
  readonly tags: readonly string[]
}

const text = v.fallback(v.string(), '')
const number = v.fallback(v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite()), 0)
const movieSchema = v.object({
  filename: text,
  filename_stripped: text,
  serviceref: text,
  length: text,
  filesize: number,
  recordingtime: number,
  eventname: text,
  servicename: text,
  tags: text,
  description: text,
  descriptionExtended: text,
})
const answerSchema = v.object({ movies: v.array(v.unknown()) })
const locationsSchema = v.object({ locations: v.array(v.string()) })

// How a box names files: `20260101 2015 - Channel - Title.ts`. Source: OpenPLi, lib/python/RecordTimer.py.
const FILE_NAME = /^\d{8} \d{4} - (?<channel>.+?) - (?<title>.+)$/

/** Reads `movielist`; entries that name no file are left out. Fails with `source/bad-answer`. */
export function readMovies(json: unknown): readonly Movie[] {
  const answer = v.safeParse(answerSchema, json)
  if (!answer.success)
    throw new Failure('source/bad-answer', 'The receiver answers its list of recordings in an unknown way')
  return answer.output.movies.flatMap((movie) => readMovie(movie) ?? [])
}

/** Reads `getlocations`: the folders that recordings may lie in. */
export function readLocations(json: unknown): readonly string[] {
  const answer = v.safeParse(locationsSchema, json)
  return answer.success ? [...new Set(answer.output.locations.filter((path) => path.startsWith('/')))] : []
}

function readMovie(movie: unknown): Movie | null {
  const parsed = v.safeParse(movieSchema, movie)
  if (!parsed.success) return null
  const { filename, serviceref, length, filesize, recordingtime, tags, ...texts } = parsed.output
  const file = filename.startsWith('/') ? filename : (/^(?:[^:]*:){10}(\/.+)$/.exec(serviceref)?.[1] ?? '')
  if (file === '' || file.endsWith('/')) return null
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.\w{1,5}$/, '')
  const fromName = FILE_NAME.exec(name)?.groups
  const title = cleanDvbLine(decodeEscaped(texts.eventname)) || cleanDvbLine(fromName?.['title'] ?? name)
  return {
    file,
    ...splitTexts(title, cleanText(texts.description), cleanText(texts.descriptionExtended)),
    channelName: cleanDvbLine(texts.servicename) || cleanDvbLine(fromName?.['channel'] ?? '') || null,
    beginsAt: recordingtime > 0 ? Math.round(recordingtime * 1000) : null,
    durationSeconds: readLength(length),
    sizeBytes: filesize > 0 ? filesize : null,
    tags: tags.split(/\s+/).filter((tag) => tag !== ''),
  }
}

const cleanText = (raw: string): string => cleanDvbText(decodeEscaped(raw))

/** `93:12` are minutes and seconds; `?:??` is not known. */
function readLength(length: string): number | null {
  const [, minutes, seconds] = /^(\d{1,5}):(\d\d)$/.exec(length.trim()) ?? []
  const total = Number(minutes) * 60 + Number(seconds)
  return total > 0 ? total : null
}
