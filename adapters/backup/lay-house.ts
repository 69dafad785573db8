import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { KEY_FILE, loadLinkKeys } from '../access/key-file.ts'
import type { BackupFacts } from '../../core/backup/backup.ts'
import { Failure } from '../../core/errors.ts'
import { isPresent } from '../../core/lineup/stored.ts'
import type { Secret } from '../../core/secret.ts'
import { openDatabase } from '../store/database.ts'
import { openStore } from '../store/open-store.ts'
import { dropNewHouse, makeNewHouse } from './house-swap.ts'
import { readBackup } from './read-backup.ts'

/**
 * Lays the house of a backup beside the one of the data folder, and tries it: every file is as it was made, the database
 * is sound, its layout is brought to the newest one, its keys open. Nothing of the running house is touched.
 *
 * Fails with `backup/*`; nothing is left then.
 */
export async function layHouse(
  dataDir: string,
  file: string,
  options: { readonly passphrase: Secret | null; readonly signal: AbortSignal; readonly now: () => number },
): Promise<BackupFacts> {
  const folder = makeNewHouse(dataDir)
  try {
    const manifest = await readBackup(file, folder, options)
    const configuration = join(folder, 'downlink.yaml')
    // It is shown to the owner, never read: where the file belongs is theirs to know.
    if (existsSync(configuration)) renameSync(configuration, join(folder, 'downlink.yaml.from-backup'))
    const tried = await tryHouse(folder, options.now)
    const { version, madeAt, extras } = manifest
    return { version, madeAt: Date.parse(madeAt), extras, ...tried }
  } catch (error) {
    dropNewHouse(dataDir)
    throw error
  }
}

async function tryHouse(
  folder: string,
  now: () => number,
): Promise<{ readonly channels: number; readonly hasOwner: boolean }> {
  try {
    checkSoundness(join(folder, 'downlink.db'))
    if (existsSync(join(folder, KEY_FILE))) await loadLinkKeys(folder)
    await using store = await openStore(folder, { now, log: () => {} })
    const { channels } = await store.lineup.load()
    return { channels: channels.filter(isPresent).length, hasOwner: await store.access.accounts.hasAdmin() }
  } catch (error) {
    if (error instanceof Failure && error.code.startsWith('backup/')) throw error
    if (error instanceof Failure && error.code === 'store/newer')
      throw new Failure(
        'backup/newer',
        'The backup was made by a newer version of downlink, whose layout this one does not know',
        error.facts,
        error,
      )
    throw new Failure('backup/damaged', 'The house in the backup cannot be opened', {}, error)
  }
}

function checkSoundness(path: string): void {
  using database = openDatabase(path, 'normal')
  const [row] = database.all('pragma quick_check(1)')
  if (row?.['quick_check'] !== 'ok') throw new Failure('backup/damaged', 'The database in the backup is not sound')
}
