import { sourceId } from '../../core/lineup/stream.ts'
import type { SourceId } from '../../core/lineup/stream.ts'
import { NUMBERED_KINDS } from '../../core/lineup/vod-numbers.ts'
import type { Numbered, NumberedKind, VodNumbers } from '../../core/lineup/vod-numbers.ts'
import type { Database } from './database.ts'

const KINDS: ReadonlySet<unknown> = new Set(NUMBERED_KINDS)

/** Numbers of films and series in SQLite, in `downlink.db`: players keep favourites by them. */
export function createVodNumberStore(database: Database): VodNumbers {
  const look = (source: SourceId, kind: NumberedKind, items: readonly string[]): readonly (number | null)[] =>
    database
      .all(
        `select vod_number.number from json_each(?) as asked
           left join vod_number on source_id = ? and kind = ? and item = asked.value
           order by asked.key`,
        JSON.stringify(items),
        source,
        kind,
      )
      .map(({ number }) => (number === null ? null : Number(number)))

  /** Only items that have none: an insert that is ignored would use up a number all the same. */
  const give = (source: SourceId, kind: NumberedKind, items: readonly string[]): void =>
    database.transaction(() => {
      database.run(
        'insert into vod_number (source_id, kind, item) select ?, ?, value from json_each(?) order by key',
        source,
        kind,
        JSON.stringify(items),
      )
    })

  return {
    async numbersOf(source, kind, items) {
      const known = look(source, kind, items)
      const missing = items.filter((_, index) => known[index] === null)
      if (missing.length === 0) return known.map(Number)
      give(source, kind, [...new Set(missing)])
      return look(source, kind, items).map(Number)
    },
    async find(number): Promise<Numbered | null> {
      const [row] = database.all('select source_id, kind, item from vod_number where number = ?', number)
      const kind = row?.['kind']
      if (row === undefined || !isKind(kind)) return null
      return { sourceId: sourceId(String(row['source_id'])), kind, item: String(row['item']) }
    },
  }
}

const isKind = (value: unknown): value is NumberedKind => KINDS.has(value)
