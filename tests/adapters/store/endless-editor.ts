import { writeSync } from 'node:fs'
import { openStore } from '../../../adapters/store/open-store.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import { editChannel } from '../../../core/lineup/edits/edit-channel.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'

/** How many channels are edited in turn. */
const CHANNELS = 7

// A process that edits for ever and says each edit that was acknowledged: "edit 12" or "token 12". It never ends by itself.
const [, , dataDir = ''] = process.argv
const store = await openStore(dataDir, { now: () => 0, log: () => {} })
const items = Array.from({ length: CHANNELS }, (_, index) => anItem(`item${index}`))
const before = await store.lineup.load()
let lineup = await store.lineup.save(before, syncLineup(before, aCatalogue(items), { now: 0 }).lineup)
for (let count = 0; ; count++) {
  const edited = editChannel(lineup, channelKey((count % CHANNELS) + 1), { name: `Edit ${count}` }, null)
  lineup = await store.lineup.save(lineup, edited)
  writeSync(1, `edit ${count}\n`)
  await store.access.tokens.add({
    id: `token${count}`,
    kind: 'viewing',
    name: 'x',
    account: null,
    owner: null,
    digest: null,
    scope: 'write',
    createdAt: 0,
    slate: false,
    lastSeen: null,
  })
  writeSync(1, `token ${count}\n`)
}
