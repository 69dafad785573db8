import * as v from 'valibot'
import type { SampleStore } from '../../../core/history/sampler.ts'
import type { Database } from '../database.ts'

const numberOrNull = v.nullable(v.number())
const Document = v.object({
  inKbps: v.number(),
  outKbps: v.number(),
  viewers: v.number(),
  streams: v.number(),
  errorsPerMinute: v.number(),
  cpuPercent: numberOrNull,
  rssBytes: numberOrNull,
  loopDelayMs: numberOrNull,
  slots: v.record(v.string(), v.number()),
})

/** Means in `history.db`. */
export function createSampleStore(database: Database): SampleStore {
  return {
    add({ at, ...document }) {
      database.run('insert or replace into sample (at, document) values (?, ?)', at, JSON.stringify(document))
    },
    between: (from, to, most) =>
      database
        .all('select * from sample where at >= ? and at < ? order by at limit ?', from, to, most)
        .flatMap((row) => {
          const document = v.safeParse(Document, JSON.parse(String(row['document'])))
          return document.success ? [{ at: Number(row['at']), ...document.output }] : []
        }),
    forget: (before) => void database.run('delete from sample where at < ?', before),
  }
}
