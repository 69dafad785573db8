import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BackupExtra } from '../../core/backup/backup.ts'
import type { Secret } from '../../core/secret.ts'
import { BACKUP_FORMAT, MANIFEST } from './manifest.ts'
import type { Manifest } from './manifest.ts'
import { seal } from './seal.ts'

/** What is written: the files of `folder`, by their names in it. */
export type Packing = {
  readonly folder: string
  readonly files: readonly string[]
  readonly version: string
  readonly madeAt: number
  readonly extras: readonly BackupExtra[]
  readonly passphrase: Secret | null
  readonly signal: AbortSignal
}

/** Writes one file with a manifest and all the others: tar, packed by gzip, sealed where there is a passphrase. */
export async function writeBackup(target: string, packing: Packing): Promise<void> {
  const { folder, files, version, madeAt, extras, passphrase, signal } = packing
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    program: 'downlink',
    version,
    madeAt: new Date(madeAt).toISOString(),
    extras: [...extras],
    files: await Promise.all(files.map((name) => describe(folder, name))),
  }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  // Loaded for the hour of the backup: a house at rest needs no packer.
  const { create } = await import('tar')
  // `portable` leaves out who owns the files here.
  const packed = create({ cwd: folder, gzip: { level: 6 }, portable: true, strict: true }, [MANIFEST, ...files])
  const sink = createWriteStream(target, { mode: 0o600, flags: 'wx' })
  const bytes = packed as AsyncIterable<Uint8Array>
  if (passphrase === null) await pipeline(bytes, sink, { signal })
  else await pipeline(seal(bytes, passphrase), sink, { signal })
  const file = await open(target, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function describe(folder: string, name: string): Promise<Manifest['files'][number]> {
  const path = join(folder, name)
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  return { name, bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}
