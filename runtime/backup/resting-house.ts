import { layHouse } from '../../adapters/backup/lay-house.ts'
import { planSwap, settleSwap } from '../../adapters/backup/house-swap.ts'
import { packHouse } from '../../adapters/backup/pack-house.ts'
import { openStore } from '../../adapters/store/open-store.ts'
import { asFailure } from '../../core/errors.ts'
import type { ControlRequest } from '../control-socket.ts'
import { makeDataFolder } from '../data-folder.ts'
import type { HouseConfig } from '../load-config.ts'
import { VERSION } from '../version.ts'
import { extrasOf, passphraseOf, printRestore } from './backup-commands.ts'
import type { PrintedRestore } from './backup-commands.ts'

type Resting = { readonly config: Pick<HouseConfig, 'dataDir'>; readonly configFile: string | null }

/** Writes a backup of a house that no server runs, under its lock. */
export async function packRestingHouse({ config, configFile }: Resting, args: ControlRequest['args']): Promise<void> {
  const { dataDir } = config
  makeDataFolder(dataDir)
  settleSwap(dataDir, { isStart: false })
  await using store = await openStore(dataDir, { now: Date.now, log: () => {} })
  const wish = { extras: extrasOf(args), passphrase: passphraseOf(args), signal: new AbortController().signal }
  await packHouse({ dataDir, store, configFile, version: VERSION, now: Date.now }, args['path'] ?? '', wish)
}

/**
 * Puts the house of a backup in the place of one that no server runs. The old one is kept aside until the new one has
 * started well.
 */
export async function restoreRestingHouse({ config }: Resting, args: ControlRequest['args']): Promise<PrintedRestore> {
  const { dataDir } = config
  makeDataFolder(dataDir)
  settleSwap(dataDir, { isStart: false })
  // Whoever has the folder open keeps it; the lock is taken again when files are moved.
  await (await openStore(dataDir, { now: Date.now, log: () => {} }))[Symbol.asyncDispose]()
  const { signal } = new AbortController()
  const facts = await layHouse(dataDir, args['path'] ?? '', { passphrase: passphraseOf(args), signal, now: Date.now })
  planSwap(dataDir)
  try {
    settleSwap(dataDir, { isStart: false })
  } catch (error) {
    throw asFailure(error, 'store/locked', 'The backup takes its place when the house is started next')
  }
  return printRestore(facts, null)
}
