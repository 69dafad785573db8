import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { KEY_FILE, loadLinkKeys } from '../../../adapters/access/key-file.ts'
import { Failure } from '../../../core/errors.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'downlink-keys-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
const print = (keys: Awaited<ReturnType<typeof loadLinkKeys>>) => keys.map(({ kid, key }) => `${kid}:${key.reveal()}`)

test('loadLinkKeys() makes a key that only the owner can read, and finds it again', () =>
  inFolder(async (folder) => {
    const dataDir = join(folder, 'deep', 'data')
    const made = print(await loadLinkKeys(dataDir))
    assert.match(made.join(), /^k[0-9a-f]{6}:[\w-]{43}$/)
    assert.deepEqual(print(await loadLinkKeys(dataDir)), made)
    assert.deepEqual(await readdir(dataDir), [KEY_FILE])
    if (process.platform !== 'win32') assert.equal((await stat(join(dataDir, KEY_FILE))).mode & 0o777, 0o600)
  }))

test('loadLinkKeys() makes one key, however many ask at once', () =>
  inFolder(async (folder) => {
    const all = await Promise.all(Array.from({ length: 8 }, async () => print(await loadLinkKeys(folder)).join()))
    assert.equal(new Set(all).size, 1)
    assert.deepEqual(await readdir(folder), [KEY_FILE])
  }))

test('loadLinkKeys() reads several keys, one a line or with commas, with comments', () =>
  inFolder(async (folder) => {
    const key = 'A'.repeat(43)
    await writeFile(join(folder, KEY_FILE), `# new first\nk2:${key}\n\nk1:${key},k0:${key}\n`)
    assert.deepEqual(
      (await loadLinkKeys(folder)).map(({ kid }) => kid),
      ['k2', 'k1', 'k0'],
    )
  }))

for (const text of ['', 'hunter2', 'k1:aHVudGVyMg\n']) {
  test(`loadLinkKeys() refuses a file with ${JSON.stringify(text)} and leaves it as it is`, () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, KEY_FILE), text)
      await assert.rejects(
        loadLinkKeys(folder),
        (error: unknown) =>
          error instanceof Failure &&
          error.code === 'config/invalid' &&
          error.message.includes(KEY_FILE) &&
          !/hunter2|aHVu/.test(error.message),
      )
      assert.equal(await readFile(join(folder, KEY_FILE), 'utf8'), text)
    }))
}
