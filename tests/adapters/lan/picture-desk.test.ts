import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openDatabase } from '../../../adapters/store/database.ts'
import { createPictureStore } from '../../../adapters/store/picture-store.ts'
import { HOUSE_STEPS } from '../../../adapters/store/schema.ts'
import { migrate } from '../../../adapters/store/migrate.ts'
import { createPictureDesk } from '../../../adapters/lan/picture-desk.ts'
import { pictureName } from '../../../core/lineup/logo/pictures.ts'
import { aPicture } from '../../fakes/memory-pictures.ts'

const never = new AbortController().signal

function openStore() {
  const database = openDatabase(':memory:', 'normal')
  migrate(database, HOUSE_STEPS)
  return { database, pictures: createPictureStore(database), [Symbol.dispose]: () => database[Symbol.dispose]() }
}

/** A server of pictures, and a desk that may ask it. */
async function serving(listener: RequestListener, isOwn = false) {
  const store = openStore()
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    store,
    desk: createPictureDesk({ store: store.pictures, ownPorts: () => (isOwn ? [port] : []) }),
    url: new URL(`http://127.0.0.1:${port}/secret-path/ard.png`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      store[Symbol.dispose]()
    },
  }
}

test('fetch() gives the picture at an address, whatever its server calls it, and keep() keeps it by its content', async () => {
  await using subject = await serving((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/plain' }).end(aPicture(4))
  })
  const { desk, store, url } = subject
  const bytes = await desk.fetch(url, never)
  const name = await desk.keep(bytes)
  assert.equal(name, await pictureName(aPicture(4)))
  assert.equal(await desk.keep(bytes), name)
  assert.deepEqual(store.pictures.get(name), aPicture(4))
  assert.equal(store.pictures.get('0'.repeat(24)), null)
})

for (const { name, listener, isOwn, message } of [
  {
    name: 'a page in its place',
    listener: ((_, answer) => void answer.end('<html>')) satisfies RequestListener,
    message: /no PNG, JPEG, WebP or GIF/,
  },
  {
    name: 'what is not there',
    listener: ((_, answer) => void answer.writeHead(404).end()) satisfies RequestListener,
    message: /answers 404$/,
  },
  {
    name: 'more than 2 MiB',
    listener: ((_, answer) =>
      void answer.end(Buffer.concat([aPicture(), Buffer.alloc(2 * 1024 * 1024)]))) satisfies RequestListener,
    message: /more than 2 MiB/,
  },
  {
    name: 'a connection that breaks off',
    listener: ((_, answer) => void answer.destroy()) satisfies RequestListener,
    message: /Cannot fetch the picture/,
  },
  {
    name: 'a port of this program',
    listener: ((_, answer) => void answer.end(aPicture())) satisfies RequestListener,
    isOwn: true,
    message: /not allowed$/,
  },
  {
    name: 'a way into the own network by a redirect',
    listener: ((_, answer) =>
      void answer.writeHead(302, { location: 'http://169.254.169.254/x.png' }).end()) satisfies RequestListener,
    message: /not allowed$/,
  },
]) {
  test(`fetch() refuses ${name}, without the address`, async () => {
    await using subject = await serving(listener, isOwn)
    await assert.rejects(subject.desk.fetch(subject.url, never), (thrown: Error & { code?: string }) => {
      assert.equal(thrown.code, 'logo/no-picture')
      assert.match(thrown.message, message)
      assert.ok(!thrown.message.includes('secret-path'))
      return true
    })
  })
}

test('forgetUnused() forgets pictures that no channel has', () => {
  using subject = openStore()
  const { pictures, database } = subject
  pictures.put('a'.repeat(24), aPicture(1))
  pictures.put('b'.repeat(24), aPicture(2))
  database.run("insert into channel (key, number, own_logo) values (1, '1', ?)", 'b'.repeat(24))
  database.run("insert into channel (key, number) values (2, '2')")
  pictures.forgetUnused()
  assert.equal(pictures.get('a'.repeat(24)), null)
  assert.deepEqual(pictures.get('b'.repeat(24)), aPicture(2))
})
