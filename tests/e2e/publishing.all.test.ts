import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { test } from 'node:test'
import { KEYS } from '../runtime/front-suite.ts'
import { noFfmpeg, startHouse, startTestReceiver } from '../runtime/house.ts'
import { newFolder, addressesIn, RUNTIME, runToEnd, startProgram, until } from '../runtime/program.ts'

/** Nobody listens there: a front that only knows this adapter has everything by push. */
const NOBODY = 'http://127.0.0.1:1'
const FAR = { 'x-forwarded-for': '203.0.113.9' }

/** The public key of the house in this folder. */
export async function publicKeyOf(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await runToEnd({
    command: ['publisher'],
    bare: true,
    folder,
    args: ['--data', 'data'],
    env,
  })
  const [, key = ''] = /DOWNLINK_PUBLISHERS=([\w-]{43})$/m.exec(stdout) ?? []
  assert.notEqual(key, '', stdout + stderr)
  return key
}

test(
  `an adapter publishes to a front that cannot reach it, which outlasts both on ${RUNTIME}`,
  { skip: noFfmpeg() },
  async () => {
    const keys = { DOWNLINK_LINK_KEYS: KEYS.old }
    const home = newFolder()
    const away = newFolder()
    await using stack = new AsyncDisposableStack()
    stack.defer(() => [home, away].forEach((folder) => rmSync(folder, { recursive: true, force: true })))
    const publisher = await publicKeyOf(home, { ...keys, DOWNLINK_ROLE: 'adapter' })
    const startFront = () =>
      startProgram({
        folder: away,
        args: ['--role', 'gateway'],
        env: { ...keys, DOWNLINK_ADAPTER_URL: NOBODY, DOWNLINK_PUBLISHERS: publisher },
      })
    const front = stack.use(await startFront())
    const receiver = stack.use(await startTestReceiver())
    const adapter = stack.use(
      await startHouse(receiver, {
        folder: home,
        args: ['--role', 'adapter'],
        env: { ...keys, DOWNLINK_FRONTS: front.url },
      }),
    )
    const { stdout } = await runToEnd({
      command: ['token', 'add', 'Kitchen'],
      bare: true,
      folder: home,
      args: ['--data', 'data'],
      env: { ...keys, DOWNLINK_ROLE: 'adapter' },
    })
    const [, token = ''] = /^ {2}\/t\/([^/]+)\/playlist\.m3u$/m.exec(stdout) ?? []
    const viewing = (path: string): string => `/t/${token}${path}`
    const playlist = await until('the front has the playlist', async () => {
      const answer = await front.ask(viewing('/playlist.m3u'), { headers: FAR })
      return answer.status === 200 && addressesIn(answer.text).length === 14 && answer.text
    })
    await until('the front has the guide', async () =>
      /<programme /.test((await front.ask(viewing('/xmltv.xml'), { headers: FAR })).text),
    )
    await adapter.kill9()
    await front.kill9()
    await using again = await startFront()
    const shown = await again.ask(viewing('/playlist.m3u'), { headers: FAR })
    assert.equal(shown.text.replaceAll(again.url, front.url), playlist)
    assert.match((await again.ask(viewing('/xmltv.xml'), { headers: FAR })).text, /<programme /)
    const xtream = await again.ask(`/player_api.php?username=kitchen&password=${token}&action=get_live_streams`, {
      headers: FAR,
    })
    assert.equal((xtream.json() as unknown[]).length, 14)
  },
)
