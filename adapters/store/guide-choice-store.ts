import * as v from 'valibot'
import type { GuideChoice, GuideChoiceStore } from '../../core/guide/choice.ts'
import { channelKey } from '../../core/lineup/channel.ts'
import type { Database } from './database.ts'

const Layers = v.array(v.object({ feed: v.string(), channel: v.string(), shiftMinutes: v.number() }))

/** Decisions about guides in SQLite. When `put` resolves, they are on the disk if the database was opened so. */
export function createGuideChoiceStore(database: Database): GuideChoiceStore {
  return {
    async all() {
      const rows = database.all('select channel_key, decided_by, layers from guide_choice')
      return new Map(
        rows.map((row) => {
          const choice: GuideChoice = {
            by: row['decided_by'] === 'owner' ? 'owner' : 'accepted',
            layers: v.parse(Layers, JSON.parse(String(row['layers']))),
          }
          return [channelKey(Number(row['channel_key'])), choice]
        }),
      )
    },
    async put(changes) {
      database.transaction(() => {
        for (const [key, choice] of changes) {
          if (choice === null) database.run('delete from guide_choice where channel_key = ?', key)
          else
            database.run(
              'insert or replace into guide_choice (channel_key, decided_by, layers) values (?, ?, ?)',
              key,
              choice.by,
              JSON.stringify(choice.layers),
            )
        }
      })
    },
  }
}
