import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { parseLinkKeys } from '../../core/access/keys.ts'
import type { LinkKey } from '../../core/access/keys.ts'
import { Failure } from '../../core/errors.ts'

/** Name of the file in the data folder. */
export const KEY_FILE = 'links.keys'

/**
 * The link keys of the data folder; made on first use (one key of 32 random bytes, file mode 0600).
 *
 * Fails with `config/invalid` if the file cannot be read as keys: it is never overwritten, since new keys would end all
 * viewing links.
 */
export async function loadLinkKeys(dataDir: string): Promise<readonly LinkKey[]> {
  const path = join(dataDir, KEY_FILE)
  const text = (await read(path)) ?? (await create(dataDir, path))
  try {
    const lines = text.split('\n').map((line) => line.trim())
    return parseLinkKeys(lines.filter((line) => line !== '' && !line.startsWith('#')).join(','))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read'
    throw new Failure('config/invalid', `${path}: ${reason}`, {}, cause)
  }
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** Writes beside and links into place: nobody sees half a file, and of two processes the first one's keys count. */
async function create(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const kid = `k${randomBytes(3).toString('hex')}`
  const text = `# Keys of signed links and viewing tokens. The first signs, all verify. Keep this file secret.\n${kid}:${randomBytes(32).toString('base64url')}\n`
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  await chmod(draft, 0o600) // the umask may have taken bits away or a file system ignores the mode above
  try {
    await link(draft, path)
    return text
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return await readFile(path, 'utf8')
    await rename(draft, path) // a file system without hard links (exFAT, some network shares)
    return text
  } finally {
    await rm(draft, { force: true })
  }
}
