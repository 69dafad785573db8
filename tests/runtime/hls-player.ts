import assert from 'node:assert/strict'
import { ask } from './http-client.ts'
import { addressesIn, until } from './program.ts'

/**
 * Follows a multivariant playlist to a segment of each of its lists, picture and sound, as a player does, and leaves.
 *
 * `address` is where the playlist was found; every further address has to start with `prefix`.
 */
export async function playHls(address: string, master: string, prefix: string): Promise<void> {
  assert.match(master, /^#EXTM3U\n/)
  const sound = [...master.matchAll(/TYPE=AUDIO.*URI="([^"]+)"/g)].map((match) => match[1] ?? '')
  const lists = new Set([...addressesIn(master), ...sound].map((path) => new URL(path, address).href))
  assert.ok(lists.size > 0, master)
  let last = ''
  for (const list of lists) {
    assert.ok(list.startsWith(prefix), list)
    const found = await until(`${list} names a segment`, async () => {
      const answer = await ask(list, { follow: true })
      return answer.status === 200 && addressesIn(answer.text).length > 0 ? answer : null
    })
    const segment = new URL(addressesIn(found.text)[0] ?? '', found.url).href
    assert.ok(segment.startsWith(prefix), segment)
    const piece = await ask(segment)
    assert.equal(piece.status, 200, segment)
    assert.ok(piece.bytes.length > 1000, segment)
    last = found.url
  }
  assert.equal((await ask(last, { method: 'DELETE' })).status, 204)
}
