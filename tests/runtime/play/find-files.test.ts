import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { after, before, test } from 'node:test'
import { findFiles } from '../../../runtime/play/find-files.ts'
import type { PlayWish } from '../../../runtime/play/find-files.ts'
import { UsageError } from '../../../runtime/usage-error.ts'

const FILES = [
  'Films/Zorro (1975).mkv',
  'Films/Der Adler (1925).mp4',
  'Films/notes.txt',
  'Films/.hidden.mkv',
  'Series/Blake 7/Season 1/Blake 7 S01E02.mkv',
  'Series/Blake 7/Season 1/Blake 7 S01E01.mkv',
  'Series/Blake 7/Season 1/Blake 7 S01E10-E11.mkv',
  'Series/Blake 7/Season 2/Blake 7 S02E01.mkv',
]

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'dl-'))
  for (const file of FILES) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), 'x')
  }
})
after(() => rm(root, { recursive: true, force: true }))

const find = async (wish: Partial<PlayWish>): Promise<readonly string[]> => {
  const files = await findFiles({ words: [], season: null, episode: null, folders: [join(root, 'Series')], ...wish })
  return files.map((file) => relative(root, file).replaceAll('\\', '/').split('/').at(-1) ?? '')
}

test('findFiles() takes files as they are named', async () => {
  const words = ['Films/Zorro (1975).mkv', 'Films/Der Adler (1925).mp4'].map((file) => join(root, file))
  assert.deepEqual(await find({ words }), ['Zorro (1975).mkv', 'Der Adler (1925).mp4'])
})

test('findFiles() takes what can be shown of a folder, by name', async () => {
  assert.deepEqual(await find({ words: [join(root, 'Films')] }), ['Der Adler (1925).mp4', 'Zorro (1975).mkv'])
})

test('findFiles() finds a series by its name, its episodes in order', async () => {
  assert.deepEqual(await find({ words: ['blake 7'] }), [
    'Blake 7 S01E01.mkv',
    'Blake 7 S01E02.mkv',
    'Blake 7 S01E10-E11.mkv',
    'Blake 7 S02E01.mkv',
  ])
  assert.deepEqual(await find({ words: ['Blake 7'], season: 2 }), ['Blake 7 S02E01.mkv'])
  assert.deepEqual(await find({ words: ['Blake 7'], season: 1, episode: 11 }), ['Blake 7 S01E10-E11.mkv'])
})

for (const { name, wish, message } of [
  { name: 'nothing', wish: {}, message: /"play" should be followed by/ },
  { name: 'what is nowhere', wish: { words: ['Nobody'] }, message: /^There is no file, folder or series "Nobody"/ },
  { name: 'an episode that is not there', wish: { words: ['Blake 7'], episode: 9 }, message: /with episode 9/ },
]) {
  test(`findFiles() refuses ${name}, and says so`, async () => {
    await assert.rejects(find(wish), (error) => error instanceof UsageError && message.test(error.message))
  })
}
