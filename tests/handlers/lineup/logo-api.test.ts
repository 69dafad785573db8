import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineupKeeper } from '../../../adapters/lan/lineup-keeper.ts'
import { jobId } from '../../../core/jobs/job.ts'
import { MAX_PICTURE_BYTES, pictureName } from '../../../core/lineup/logo/pictures.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { aCatalogue, anItem } from '../../core/lineup/samples.ts'
import { ADMIN, cookieOf, fakeHouse, VIEWER } from '../../fakes/gateway.ts'
import { createMemoryLineupStore } from '../../fakes/memory-lineup-store.ts'
import { aPicture, createMemoryPictures } from '../../fakes/memory-pictures.ts'

const ADDRESS = 'https://logos.test/ard.png'

async function house(person = 'jo') {
  const keeper = createLineupKeeper({
    store: createMemoryLineupStore(),
    priority: () => [sourceId('box')],
    now: () => 0,
    log: () => {},
  })
  await keeper.load()
  await keeper.sync(aCatalogue([anItem('a', { name: 'Das Erste' })]))
  const pictures = createMemoryPictures({ [ADDRESS]: aPicture(7) })
  const admin = {
    stopStream: () => false,
    stopViewer: () => false,
    switchStream: () => false,
    refreshSource: () => jobId('j1'),
    lineup: keeper,
    pictures: pictures.desk,
  }
  const made = fakeHouse({ accounts: [ADMIN, VIEWER], gateway: { lineup: keeper, admin } })
  const cookie = await cookieOf(made, person)
  const read = async (response: Response) => ({ status: response.status, body: await response.json() })
  return {
    keeper,
    pictures,
    get: async (path: string) => read(await made.get(`/api/v1${path}`, cookie)),
    send: async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
      read(await made.send(method, `/api/v1${path}`, body, { ...cookie, ...headers })),
    upload: async (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
      read(
        await made.app.request(`/api/v1${path}`, {
          method: 'POST',
          headers: { host: 'localhost:18080', 'content-type': 'application/octet-stream', ...cookie, ...headers },
          body,
        }),
      ),
  }
}

test('PUT /channels/{id}/logo fetches the picture once; the channel names it, and undo takes it back', async () => {
  const { get, send, pictures, keeper } = await house()
  const name = await pictureName(aPicture(7))
  const { status, body } = await send('PUT', '/channels/c1/logo', { url: ADDRESS })
  assert.deepEqual([status, body.id, body.ownLogo, body.revision], [200, 'c1', name, keeper.current().revision])
  assert.deepEqual([pictures.asked, [...pictures.kept.keys()]], [[ADDRESS], [name]])
  const { body: channel } = await get('/channels/c1')
  assert.deepEqual([channel.hasLogo, channel.ownLogo], [true, name])
  const [row] = (await get('/lineup/channels')).body.items
  assert.deepEqual([row.ownLogo, row.isEdited], [name, true])
  await send('POST', '/lineup/undo', {})
  const { body: before } = await get('/channels/c1')
  assert.deepEqual([before.hasLogo, before.ownLogo], [false, null])
})

test('POST /channels/{id}/logo takes the file itself, DELETE goes back to the source', async () => {
  const { get, send, upload } = await house()
  const name = await pictureName(aPicture(3))
  assert.equal((await upload('/channels/c1/logo', aPicture(3))).body.ownLogo, name)
  assert.equal((await get('/channels/c1')).body.ownLogo, name)
  assert.equal((await send('DELETE', '/channels/c1/logo', undefined)).body.ownLogo, null)
  assert.equal((await get('/channels/c1')).body.ownLogo, null)
})

test('PUT /channels/{id}/logo does not lose the edit of somebody else', async () => {
  const { send } = await house()
  const { status, body } = await send('PUT', '/channels/c1/logo', { url: ADDRESS }, { 'if-match': '"older"' })
  assert.deepEqual([status, body.code], [412, 'lineup/changed'])
})

for (const { name, url, path = '/channels/c1/logo', status, code } of [
  { name: 'an address where no picture is', url: 'https://logos.test/none.png', status: 422, code: 'logo/no-picture' },
  { name: 'a file of this machine', url: 'file:///etc/passwd', status: 400, code: 'http/bad-request' },
  { name: 'what is no address', url: 'ard.png', status: 400, code: 'http/bad-request' },
  { name: 'an unknown channel', url: ADDRESS, path: '/channels/c9/logo', status: 404, code: 'lineup/unknown-channel' },
]) {
  test(`PUT /channels/{id}/logo refuses ${name}, and the line-up stays`, async () => {
    const { send, keeper, pictures } = await house()
    const { revision } = keeper.current()
    const refused = await send('PUT', path, { url })
    assert.deepEqual([refused.status, refused.body.code], [status, code])
    assert.ok(!JSON.stringify(refused.body).includes('none.png'))
    assert.deepEqual([keeper.current().revision, pictures.kept.size], [revision, 0])
  })
}

for (const { name, body, code } of [
  { name: 'a page', body: '<html><body>Not found</body></html>', code: 'logo/no-picture' },
  { name: 'SVG, which can carry scripts', body: '<svg xmlns="x"/>', code: 'logo/no-picture' },
  { name: 'more than 2 MiB', body: new Uint8Array(MAX_PICTURE_BYTES + 1), code: 'http/too-large' },
]) {
  test(`POST /channels/{id}/logo refuses ${name}`, async () => {
    const { upload, keeper } = await house()
    assert.equal((await upload('/channels/c1/logo', body)).body.code, code)
    assert.equal(keeper.current().channels[0]?.ownLogo, undefined)
  })
}

test('PUT /channels/{id}/logo is for admins', async () => {
  const { send } = await house('anna')
  assert.equal((await send('PUT', '/channels/c1/logo', { url: ADDRESS })).status, 403)
})
