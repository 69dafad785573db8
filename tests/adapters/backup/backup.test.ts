import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { create } from 'tar'
import { layHouse } from '../../../adapters/backup/lay-house.ts'
import { packHouse } from '../../../adapters/backup/pack-house.ts'
import { openStore } from '../../../adapters/store/open-store.ts'
import { channelKey } from '../../../core/lineup/channel.ts'
import { editChannel } from '../../../core/lineup/edits/edit-channel.ts'
import { nameOf } from '../../../core/lineup/stored.ts'
import { syncLineup } from '../../../core/lineup/sync.ts'
import { Secret } from '../../../core/secret.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'
import { newFolder } from '../../runtime/program.ts'
import { makeDataFolder } from '../store/data-folder.ts'

const { signal } = new AbortController()
const now = (): number => Date.UTC(2026, 10, 21, 20, 15)
const nothing = { extras: [], passphrase: null, signal }

/** A house with channels, and the way to pack it. */
async function aHouse(channels = 5) {
  const folder = await makeDataFolder()
  const store = await folder.open()
  const before = await store.lineup.load()
  const items = Array.from({ length: channels }, (_, index) => anItem(`item${index}`))
  let lineup = await store.lineup.save(before, syncLineup(before, aCatalogue(items), { now: 0 }).lineup)
  await store.settings.setSecret('panel', new Secret('hunter22'))
  const target = join(folder.path, 'a.tar.gz')
  return {
    folder,
    store,
    target,
    house: { dataDir: folder.path, store, configFile: null, version: '1.2.3', now },
    async rename(name: string) {
      lineup = await store.lineup.save(lineup, editChannel(lineup, channelKey(1), { name }, null))
    },
  }
}

/** Lays the backup beside an empty house, and gives its folder. */
async function lay(file: string, passphrase: Secret | null = null) {
  const dataDir = newFolder()
  const facts = await layHouse(dataDir, file, { passphrase, signal, now })
  return { dataDir, folder: join(dataDir, 'restore', 'new'), facts }
}

for (const passphrase of [null, new Secret('correct horse battery')]) {
  test(`a house comes out of a backup as it went in, ${passphrase === null ? 'open' : 'locked'}`, async () => {
    const { folder, house, target } = await aHouse()
    await using _ = folder
    await packHouse(house, target, { extras: [], passphrase, signal })
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.includes('.part')),
      [],
    )
    const { dataDir, folder: laid, facts } = await lay(target, passphrase)
    assert.deepEqual(facts, { version: '1.2.3', madeAt: now(), extras: [], channels: 5, hasOwner: false })
    {
      await using store = await openStore(laid, { now, log: () => {} })
      assert.equal((await store.settings.secret('panel'))?.reveal(), 'hunter22')
    }
    rmSync(dataDir, { recursive: true })
  })
}

test('a locked backup tells nothing without its passphrase, and needs the right one', async () => {
  const { folder, house, target } = await aHouse()
  await using _ = folder
  await packHouse(house, target, { extras: [], passphrase: new Secret('correct horse'), signal })
  for (const passphrase of [null, new Secret('wrong horse')])
    await assert.rejects(lay(target, passphrase), { code: 'backup/passphrase' })
  const bytes = readFileSync(target)
  for (const word of ['downlink.db', 'manifest', 'item0']) assert.ok(!bytes.includes(word))
})

test('extras come only when they are asked for', async () => {
  const { folder, house, target } = await aHouse()
  await using _ = folder
  mkdirSync(join(folder.path, 'guide'))
  writeFileSync(join(folder.path, 'guide', 'europe-1.db'), 'a guide')
  const configFile = join(folder.path, 'downlink.yaml')
  writeFileSync(configFile, 'listen: ":1"')
  await packHouse({ ...house, configFile }, target, { extras: ['guide', 'configuration'], passphrase: null, signal })
  const { folder: laid, dataDir } = await lay(target)
  assert.equal(readFileSync(join(laid, 'guide', 'europe-1.db'), 'utf8'), 'a guide')
  assert.equal(readFileSync(join(laid, 'downlink.yaml.from-backup'), 'utf8'), 'listen: ":1"')
  rmSync(dataDir, { recursive: true })
  await packHouse({ ...house, configFile }, `${target}2`, nothing)
  const plain = await lay(`${target}2`)
  assert.ok(!existsSync(join(plain.folder, 'guide')))
  assert.ok(!existsSync(join(plain.folder, 'downlink.yaml.from-backup')))
  rmSync(plain.dataDir, { recursive: true })
})

test('edits go on while a backup is made, and it holds the house of one moment', async () => {
  const { folder, house, target, rename } = await aHouse(3000)
  await using _ = folder
  let isMade = false
  let edits = 0
  const making = packHouse(house, target, nothing).finally(() => (isMade = true))
  while (!isMade) {
    await rename(`Edit ${edits++}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await making
  assert.ok(edits > 3, `${edits} edits`)
  const { folder: laid, dataDir, facts } = await lay(target)
  assert.equal(facts.channels, 3000)
  {
    await using store = await openStore(laid, { now, log: () => {} })
    const [first] = (await store.lineup.load()).channels
    assert.ok(first)
    const edit = Number(/^Edit (\d+)$/.exec(nameOf(first))?.[1] ?? -1)
    assert.ok(edit < edits)
  }
  rmSync(dataDir, { recursive: true })
})

test('packHouse() writes over no file, and leaves nothing when it fails', async () => {
  const { folder, house, target } = await aHouse()
  await using _ = folder
  writeFileSync(target, 'mine')
  await assert.rejects(packHouse(house, target, nothing), { code: 'http/bad-request' })
  assert.equal(readFileSync(target, 'utf8'), 'mine')
  const ended = AbortSignal.abort(new Error('over'))
  await assert.rejects(packHouse(house, `${target}2`, { ...nothing, signal: ended }), /over/)
  assert.deepEqual(
    readdirSync(folder.path).filter((name) => name.startsWith('a.tar.gz')),
    ['a.tar.gz'],
  )
})

const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex')
const named = (name: string, bytes: string) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })

/** An archive with a manifest of our own making, and whatever files `lay` makes. */
async function archive(changes: object, files: Record<string, string>, more: readonly string[] = []) {
  const folder = newFolder()
  const manifest = {
    format: 1,
    program: 'downlink',
    version: '9.9.9',
    madeAt: '2026-11-21T20:15:00.000Z',
    extras: [],
    files: Object.entries(files).map(([name, bytes]) => named(name, bytes)),
    ...changes,
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
  for (const name of more) {
    if (name === 'link') symlinkSync('/etc/passwd', join(folder, name))
    else writeFileSync(join(folder, name), 'more')
  }
  const file = join(folder, 'made.tar.gz')
  await create({ cwd: folder, gzip: true, file, portable: true }, ['manifest.json', ...Object.keys(files), ...more])
  return file
}

const HOUSE = { 'downlink.db': 'no database', 'secret.key': 'no key' }

for (const { name, changes = {}, files = HOUSE, more = [], code } of [
  { name: 'a format that is newer', changes: { format: 2, files: 'unknown' }, code: 'backup/newer' },
  { name: 'another program', changes: { program: 'other' }, code: 'backup/not-one' },
  { name: 'a link', more: ['link'], code: 'backup/damaged' },
  { name: 'a file that is not named', more: ['extra.db'], code: 'backup/damaged' },
  { name: 'no house', files: { 'guide.db': 'x' }, code: 'backup/damaged' },
  { name: 'a name outside', changes: { files: [named('../x', 'x')] }, code: 'backup/damaged' },
  { name: 'a name of no house', changes: { files: [named('control.sock', 'x')] }, code: 'backup/damaged' },
  {
    name: 'a file of another size',
    changes: { files: [named('downlink.db', 'x'), named('secret.key', HOUSE['secret.key'])] },
    code: 'backup/damaged',
  },
  {
    name: 'a file of other bytes',
    changes: { files: [named('downlink.db', 'xx database'), named('secret.key', HOUSE['secret.key'])] },
    code: 'backup/damaged',
  },
  {
    name: 'a file that is missing',
    changes: { files: [...Object.entries(HOUSE).map(([file, bytes]) => named(file, bytes)), named('guide.db', 'x')] },
    code: 'backup/damaged',
  },
  {
    name: 'more than any disk has',
    changes: { files: [{ ...named('downlink.db', 'x'), bytes: 2 ** 40 }, named('secret.key', 'x')] },
    code: 'backup/no-room',
  },
  { name: 'a database that is none', code: 'backup/damaged' },
] as {
  name: string
  changes?: object
  files?: Record<string, string>
  more?: string[]
  code: string
}[]) {
  test(`a backup with ${name} is refused, and nothing of it stays`, async () => {
    const file = await archive(changes, files, more)
    const dataDir = newFolder()
    await assert.rejects(layHouse(dataDir, file, { passphrase: null, signal, now }), { code })
    assert.deepEqual(readdirSync(dataDir), [])
    rmSync(dataDir, { recursive: true })
  })
}

test('a backup whose layout is newer than the program is refused with a sentence', async () => {
  const { folder, store, house, target } = await aHouse()
  await using _ = folder
  await store[Symbol.asyncDispose]()
  const { openDatabase } = await import('../../../adapters/store/database.ts')
  using database = openDatabase(join(folder.path, 'downlink.db'), 'full')
  database.run('update schema_version set version = 999')
  await packHouse({ ...house, store: { copies: { 'downlink.db': (path) => database.copyTo(path) } } }, target, nothing)
  await assert.rejects(lay(target), { code: 'backup/newer', message: /newer version of downlink/ })
})

test('a file that is no archive, and one that unpacks to far more than it says, are refused', async () => {
  const folder = newFolder()
  const file = join(folder, 'x.tar.gz')
  writeFileSync(file, 'GIF89a and so on')
  await assert.rejects(lay(file), { code: 'backup/not-one' })
  const { gzipSync } = await import('node:zlib')
  writeFileSync(file, gzipSync(new Uint8Array(50_000_000)))
  await assert.rejects(lay(file), (error: { code: string }) => /^backup\/(not-one|damaged)$/.test(error.code))
  const good = readFileSync(await archive({}, HOUSE))
  writeFileSync(file, good.subarray(0, good.length - 40))
  await assert.rejects(lay(file), { code: 'backup/damaged' })
  rmSync(folder, { recursive: true })
})
