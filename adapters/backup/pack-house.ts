import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KEY_FILE } from '../access/key-file.ts'
import type { BackupExtra, BackupWish } from '../../core/backup/backup.ts'
import { Failure } from '../../core/errors.ts'
import type { Store } from '../store/open-store.ts'
import { extraOf } from './manifest.ts'
import { writeBackup } from './write-backup.ts'

/** A house that is packed while it runs. */
export type PackedHouse = {
  readonly dataDir: string
  readonly store: Pick<Store, 'copies'>
  /** The owner's own file; null: there is none. */
  readonly configFile: string | null
  readonly version: string
  readonly now: () => number
}

/**
 * Writes a backup of a house to a path where no file is. Its databases are copied beside the running program, each as it
 * was at one moment; nobody waits. Fails with `http/bad-request` if there is a file at the path.
 */
export async function packHouse(
  { dataDir, store, configFile, version, now }: PackedHouse,
  target: string,
  { extras, passphrase, signal }: BackupWish & { readonly signal: AbortSignal },
): Promise<void> {
  if (existsSync(target)) throw new Failure('http/bad-request', `There is a file "${target}" already; name another one`)
  // Beside the target: there the room is needed anyway, and what is killed half done is found and removed.
  const folder = await mkdtemp(`${target}.part`)
  try {
    const files = [
      ...(await copyDatabases(store, folder, extras)),
      ...(await copyFiles(dataDir, folder, extras)),
      ...(extras.includes('configuration') && configFile !== null
        ? [await copyTo(configFile, folder, 'downlink.yaml')]
        : []),
    ]
    signal.throwIfAborted()
    await writeBackup(target, { folder, files, version, madeAt: now(), extras, passphrase, signal })
  } catch (error) {
    await rm(target, { force: true })
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Extras = readonly BackupExtra[]

const isWanted = (name: string, extras: Extras): boolean => {
  const extra = extraOf(name)
  return extra === null || extras.includes(extra)
}

async function copyDatabases({ copies }: Pick<Store, 'copies'>, folder: string, extras: Extras): Promise<string[]> {
  const names = Object.keys(copies).filter((name) => isWanted(name, extras))
  for (const name of names) await copies[name]?.(join(folder, name))
  return names
}

/** Keys, and guides that were imported as files of their own: a file there is never changed once it counts. */
async function copyFiles(dataDir: string, folder: string, extras: Extras): Promise<string[]> {
  const guides = extras.includes('guide') ? await readdir(join(dataDir, 'guide')).catch(() => []) : []
  const names = [
    'secret.key',
    KEY_FILE,
    ...guides.filter((name) => name.endsWith('.db')).map((name) => `guide/${name}`),
  ]
  const copied: string[] = []
  for (const name of names) {
    const from = join(dataDir, name)
    if (existsSync(from)) copied.push(await copyTo(from, folder, name))
  }
  return copied
}

async function copyTo(from: string, folder: string, name: string): Promise<string> {
  await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 })
  await copyFile(from, join(folder, name))
  return name
}
