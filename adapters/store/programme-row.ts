import * as v from 'valibot'
import { ProgrammeDetails } from '../../core/guide/details.ts'
import type { Programme } from '../../core/guide/programme.ts'
import type { Row } from './database.ts'
import type { ListReader } from './list-reader.ts'

/** A programme from the columns that every table of programmes has. `words` reads its categories. */
export function readProgrammeRow(row: Row, words: ListReader<string>): Programme {
  const programme: Programme = {
    start: Number(row['start']),
    stop: Number(row['stop']),
    title: String(row['title']),
    subtitle: textOrNull(row['subtitle']),
    description: textOrNull(row['description']),
    categories: typeof row['categories'] === 'string' ? words(row['categories']) : NONE,
    season: numberOrNull(row['season']),
    episode: numberOrNull(row['episode']),
    repeat: row['repeat'] === 1,
  }
  const details = textOrNull(row['details'])
  return details === null ? programme : { ...programme, details: v.parse(ProgrammeDetails, JSON.parse(details)) }
}

const NONE: readonly string[] = []
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null)
