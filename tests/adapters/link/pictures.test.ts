import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createLogoCache } from '../../../adapters/lan/logo-cache.ts'
import { createVodDesk } from '../../../adapters/lan/vod-desk.ts'
import { createRemoteVod } from '../../../adapters/link/remote-vod.ts'
import { createSnapshotClient } from '../../../adapters/link/snapshot-client.ts'
import { createKeyRing, parseLinkKeys } from '../../../core/access/keys.ts'
import { systemRandom } from '../../../core/access/random.ts'
import { sourceId } from '../../../core/lineup/stream.ts'
import { withVodViews } from '../../../core/lineup/vod-view.ts'
import { createApp } from '../../../handlers/app.ts'
import type { Gateway } from '../../../handlers/gateway.ts'
import { logoFace } from '../../../handlers/logo.ts'
import { vodFace } from '../../../handlers/vod.ts'
import { createFilmSource } from '../../fakes/film-source.ts'
import { fakeChannel, fakeHouse } from '../../fakes/gateway.ts'

// Every route that passes a picture on, at home and on a front, with everything that a source or an adapter may call one.

const FILMS = sourceId('receiver')
const dir = await mkdtemp(join(tmpdir(), 'dl-pictures-'))
after(() => rm(dir, { recursive: true, force: true }))
const ROUTES = ['/logo/c1', '/play/vod/receiver/1/poster', '/play/series/receiver/7/poster']

const bytes = (text: string, size = 0): Uint8Array<ArrayBuffer> =>
  new Uint8Array([...Array.from(text, (sign) => sign.charCodeAt(0)), ...Array.from({ length: size }, () => 0)])
const LIMIT = 2 * 1024 * 1024
const sized = (length: number): Uint8Array<ArrayBuffer> => {
  const picture = new Uint8Array(length)
  picture.set(bytes('\u0089PNG\r\n\u001a\n'))
  return picture
}
/** `type` null: it is not passed on. */
const PICTURES = [
  { name: 'PNG', type: 'image/png', content: sized(100) },
  { name: 'PNG of 2 MiB', type: 'image/png', content: sized(LIMIT) },
  { name: 'PNG of a byte more', type: null, content: sized(LIMIT + 1) },
  { name: 'JPEG', type: 'image/jpeg', content: bytes('\u00ff\u00d8\u00ff\u00e0 1') },
  { name: 'GIF', type: 'image/gif', content: bytes('GIF89a 1') },
  { name: 'WebP', type: 'image/webp', content: bytes('RIFF\u0001\u0002\u0003\u0004WEBPVP8 ') },
  { name: 'SVG', type: null, content: bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') },
  { name: 'SVG behind a mark', type: null, content: bytes('\u00ef\u00bb\u00bf<?xml version="1.0"?><svg/>') },
  { name: 'page', type: null, content: bytes('<!doctype html><script>alert(1)</script>') },
  { name: 'program', type: null, content: bytes('MZ\u0090\u0000') },
  { name: 'half a head', type: null, content: bytes('\u0089PN') },
  { name: 'nothing', type: null, content: bytes('') },
]

const serve = (gateway: Partial<Gateway>) => {
  const channel = fakeChannel(1, { hasLogo: true })
  const house = fakeHouse({ lineup: { revision: '1', channels: [channel], groups: [] }, gateway })
  const app = createApp(house.gateway, { viewing: [logoFace, vodFace], linked: [] })
  return async (path: string) => app.request(path, { headers: { host: 'localhost:18080' } })
}

/** A house whose source has this one picture of everything. */
async function atHome(content: Uint8Array<ArrayBuffer>, name: string) {
  const cache = createLogoCache({
    dir: join(dir, name.replaceAll(' ', '-')),
    source: () => ({ logo: async () => content }),
    now: Date.now,
    log: () => {},
  })
  const vod = { ...createFilmSource(), poster: async () => content }
  const films = createVodDesk({
    sources: () => [{ id: FILMS, name: 'Films', vod }],
    sessions: { open: () => assert.fail('nobody plays here') },
    pictures: cache,
  })
  return {
    get: serve({ logos: cache, vod: withVodViews(films, { now: () => 0 }) }),
    close: () => cache[Symbol.asyncDispose](),
  }
}

/** A front whose adapter, or who stands before it, calls everything a PNG. */
function onFront(content: Uint8Array<ArrayBuffer>) {
  const headers = { 'content-type': 'image/png', etag: '"tag"' }
  const parts = {
    adapterUrl: 'https://home.example.org',
    ring: createKeyRing(parseLinkKeys(`k1:${'A'.repeat(43)}`)),
    fetch: () => Promise.resolve(new Response(content, { headers })),
    now: Date.now,
    random: systemRandom,
    log: () => {},
  }
  const vod = createRemoteVod({
    ...parts,
    ttlSeconds: 60,
    mode: 'redirect',
    shelves: () => [{ id: FILMS, name: 'Films' }],
  })
  return serve({ logos: createSnapshotClient(parts), vod: withVodViews(vod, { now: () => 0 }) })
}

for (const { name, type, content } of PICTURES)
  test(`a ${name} is ${type === null ? 'not passed on' : `passed on as ${type}`}, at home and on a front`, async () => {
    const { get, close } = await atHome(content, name)
    for (const ask of [get, onFront(content)])
      for (const path of ROUTES) {
        const response = await ask(path)
        if (type === null) {
          // An adapter that sends more than it may is no adapter.
          assert.ok(
            response.status === 404 || (content.length > LIMIT && response.status === 503),
            `${path}: ${response.status}`,
          )
          assert.equal((await response.arrayBuffer()).byteLength, 0, path)
          continue
        }
        const { headers } = response
        assert.deepEqual([response.status, headers.get('content-type')], [200, type], path)
        assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
        assert.deepEqual(new Uint8Array(await response.arrayBuffer()), content, path)
      }
    await close()
  })
