import { writeSync } from 'node:fs'
import { openStore } from '../../../adapters/store/open-store.ts'
import { CHANNELS_A_PIECE } from '../../../adapters/store/large-change.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'

/** So many that each refresh is written in several pieces. */
const CHANNELS = CHANNELS_A_PIECE * 3

// A process that refreshes for ever a list whose channels all have the number of the refresh as their name. It says a
// line whenever others have their turn while it writes, and "saved 12" when a refresh is acknowledged.
const [, , dataDir = ''] = process.argv
const store = await openStore(dataDir, { now: () => 0, log: () => {} })
let lineup = await store.lineup.load()
const first = Number(lineup.channels[0]?.streams[0]?.name ?? 0) + 1
for (let count = first; ; count++) {
  // Some of them are new every time.
  const items = Array.from({ length: CHANNELS }, (_, index) =>
    anItem(index % 2 === 0 ? `item${index}` : `item${index}-${count}`, { name: String(count), slotKey: String(count) }),
  )
  const turns = setInterval(() => writeSync(1, 'turn\n'))
  lineup = await store.lineup.save(lineup, syncLineup(lineup, aCatalogue(items), { now: count }).lineup)
  clearInterval(turns)
  writeSync(1, `saved ${count}\n`)
}
