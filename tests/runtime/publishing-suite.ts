import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { KEYS } from './front-suite.ts'
import type { StartFront } from './front-suite.ts'
import { noFfmpeg, startHouse, startTestReceiver } from './house.ts'
import { ask } from './http-client.ts'
import { addressesIn, newFolder, runToEnd, until } from './program.ts'

/** Nobody listens there: a front that knows only this adapter has everything by push. */
export const NOBODY = 'http://127.0.0.1:1'

/** Who asks from elsewhere has no rights by address. */
const FAR = { 'x-forwarded-for': '203.0.113.9' }

/** A house whose data folder is there before it runs, so that its front can be told its public key. */
export function futureHouse(site = 'home') {
  const folder = newFolder()
  const env = { DOWNLINK_ROLE: 'adapter', DOWNLINK_LINK_KEYS: KEYS.old, DOWNLINK_SITE: site }
  const run = async (...command: string[]): Promise<string> => {
    const ran = await runToEnd({ command, bare: true, folder, args: ['--data', 'data'], env })
    assert.equal(ran.code, 0, ran.stderr)
    return ran.stdout
  }
  return {
    folder,
    env,
    async publicKey(): Promise<string> {
      const [, key = ''] = /DOWNLINK_PUBLISHERS=([\w-]{43})$/m.exec(await run('publisher')) ?? []
      assert.notEqual(key, '')
      return key
    },
    async newToken(name: string): Promise<string> {
      const [, token = ''] = /^ {2}\/t\/([^/]+)\/playlist\.m3u$/m.exec(await run('token', 'add', name)) ?? []
      assert.notEqual(token, '')
      return token
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/**
 * What a front with a store has to do: take what an adapter publishes that it cannot reach itself, and answer all of it
 * when both were ended and the front alone is started again. `start` starts it in the same place each time.
 */
export function testPublishing(name: string, start: StartFront): void {
  test(`${name} outlasts the house that has published to it, and itself`, { skip: noFfmpeg() }, async () => {
    await using stack = new AsyncDisposableStack()
    const home = stack.use(futureHouse())
    const env = {
      DOWNLINK_LINK_KEYS: KEYS.old,
      DOWNLINK_ADAPTER_URL: NOBODY,
      DOWNLINK_PUBLISHERS: await home.publicKey(),
      DOWNLINK_ADMIN_PASSWORD: 'correct-horse-battery',
    }
    const token = await home.newToken('Kitchen')
    const receiver = stack.use(await startTestReceiver())
    let front = await start(env)
    const adapter = stack.use(
      await startHouse(receiver, { folder: home.folder, env: { ...home.env, DOWNLINK_FRONTS: front.url } }),
    )
    const get = (path: string) => ask(`${front.url}${path}`, { headers: FAR })
    const viewing = (path: string) => get(`/t/${token}${path}`)
    const playlist = await until('the front has the channels', async () => {
      const { status, text } = await viewing('/playlist.m3u')
      return status === 200 && addressesIn(text).length === 14 && text.replaceAll(front.url, '')
    })
    await until('the front has the guide', async () => /<programme /.test((await viewing('/xmltv.xml')).text))
    assert.equal((await adapter.line('published'))['event'], 'published')

    await adapter.kill9()
    await front[Symbol.asyncDispose]()
    front = stack.use(await start(env))
    assert.equal((await viewing('/playlist.m3u')).text.replaceAll(front.url, ''), playlist)
    assert.match((await viewing('/xmltv.xml')).text, /<programme /)
    const rows = await get(`/player_api.php?username=x&password=${token}&action=get_live_streams`)
    assert.equal((rows.json() as unknown[]).length, 14)
    const login = await ask(`${front.url}/api/v1/session`, {
      method: 'POST',
      headers: FAR,
      body: { name: 'admin', password: 'correct-horse-battery' },
    })
    assert.equal(login.status, 200)
    const live = await viewing('/live/c1.ts')
    assert.deepEqual([live.status, live.headers['x-downlink-error']], [503, 'live/no-adapter'])
    const master = await viewing('/live/c1.m3u8')
    assert.deepEqual([master.status, master.headers['x-downlink-error']], [503, 'live/no-adapter'])
  })
}
