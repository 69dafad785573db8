import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShortLink } from '../../../core/access/short-link.ts'
import { makeDataFolder } from './data-folder.ts'
import type { DataFolder } from './data-folder.ts'

const link = (digest: string, given: Partial<ShortLink> = {}): ShortLink => ({
  digest,
  tokenId: 'token-one',
  aim: { selection: 'kids', client: null },
  createdAt: 100,
  expiresAt: 200,
  ...given,
})

async function withTokens(folder: DataFolder) {
  const { access } = await folder.open()
  for (const id of ['token-one', 'token-two'])
    await access.tokens.add({
      id,
      kind: 'viewing',
      name: id,
      account: null,
      owner: null,
      digest: null,
      scope: 'read',
      slate: false,
      createdAt: 1,
      lastSeen: null,
    })
  return access.shortLinks
}

test('a short link is found by its digest, also after a restart', async () => {
  await using folder = await makeDataFolder()
  await (await withTokens(folder)).put(link('a'))
  const { shortLinks } = (await folder.open()).access
  assert.deepEqual(await shortLinks.find('a'), link('a'))
  assert.equal(await shortLinks.find('b'), null)
})

test('a new short link takes the place of the one before, and of all that have expired', async () => {
  await using folder = await makeDataFolder()
  const links = await withTokens(folder)
  await links.put(link('a'))
  await links.put(link('b', { tokenId: 'token-two', expiresAt: 150 }))
  await links.put(link('c', { createdAt: 150 }))
  assert.deepEqual([await links.find('a'), await links.find('b')], [null, null])
  assert.deepEqual(await links.find('c'), link('c', { createdAt: 150 }))
})

test('extend() moves the expiry', async () => {
  await using folder = await makeDataFolder()
  const links = await withTokens(folder)
  await links.put(link('a'))
  await links.extend('a', 900)
  assert.deepEqual(await links.find('a'), link('a', { expiresAt: 900 }))
})

test('all() gives every link with what it is for, the newest first', async () => {
  await using folder = await makeDataFolder()
  const links = await withTokens(folder)
  await links.put(link('a'))
  const other = link('b', { tokenId: 'token-two', createdAt: 150, aim: { selection: null, client: 'kodi' } })
  await links.put(other)
  assert.deepEqual(await links.all(), [other, link('a')])
})
