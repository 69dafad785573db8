import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { aBox } from '../adapters/sources/stalker/portal-house.ts'
import { clipAir } from '../adapters/sources/stalker/portal-sockets.ts'
import { startListProvider } from '../fakes/lists/provider.ts'
import type { ListProvider } from '../fakes/lists/provider.ts'
import { startPanel } from '../fakes/panel/index.ts'
import { startPortal } from '../fakes/portal/index.ts'
import type { Answer } from '../runtime/http-client.ts'
import { addressesIn, newFolder, RUNTIME, startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const PASSWORD = 'correct-horse-battery'
const TOKEN = 'very-secret-token'

type JobSeen = {
  readonly id: string
  readonly kind: string
  readonly subject: string | null
  readonly state: string
  readonly progress: { readonly step: string; readonly done: number } | null
  readonly facts: Readonly<Record<string, unknown>>
  readonly problem: { readonly code: string } | null
}
type SourceSeen = {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly managedBy: string
  readonly revision: string | null
  readonly entry: Readonly<Record<string, unknown>>
  readonly hosts: Readonly<Record<string, string>>
  readonly job: JobSeen | null
}

/** A list whose end never comes, and how many wait for it. */
async function startSlowList(): Promise<{ readonly server: Server; readonly url: string; open(): number }> {
  const entries = Array.from(
    { length: 2000 },
    (_, index) => `#EXTINF:-1,Slow ${index}\nhttp://127.0.0.1:9/${index}.ts\n`,
  )
  let open = 0
  const server = createServer((_request, response) => {
    open += 1
    response.on('close', () => (open -= 1))
    response.writeHead(200)
    response.write(`#EXTM3U\n${entries.join('')}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slow.m3u`, open: () => open }
}

const xmltvOf = (at: number): string => {
  const time = (ms: number): string => `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)} +0000`
  return `<tv><channel id="one"><display-name>One</display-name></channel>
    <programme start="${time(at)}" stop="${time(at + 3_600_000)}" channel="one"><title>The Show</title></programme></tv>`
}

/** A portal and a panel, and what they were asked that no client may ask. */
async function startPortalAndPanel() {
  const stack = new AsyncDisposableStack()
  const panel = stack.use(await startPanel({}))
  const portal = stack.use(await startPortal({ mode: 'stock4', boxes: [aBox(1), aBox(2)], air: clipAir() }))
  const [account] = panel.model.accounts
  return {
    panel: { kind: 'xtream', url: panel.url, username: account?.username, password: account?.password },
    portal: { kind: 'stalker', url: portal.url, macs: [aBox(1).mac, aBox(2).mac] },
    forbidden: () => [...panel.observe().forbidden, ...portal.portal.observe().forbidden],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

describe(`sources and guides by the API of the assembled house on ${RUNTIME}`, () => {
  const folder = newFolder()
  let provider: ListProvider
  let slow: Awaited<ReturnType<typeof startSlowList>>
  let house: Program
  let cookie: string

  const start = async (): Promise<void> => {
    const config = { sources: [{ id: 'fixed', kind: 'm3u', url: 'http://127.0.0.1:9/fixed.m3u' }] }
    house = await startProgram({ folder, config, env: { DOWNLINK_ADMIN_PASSWORD: PASSWORD } })
    const login = await house.ask('/api/v1/session', { method: 'POST', body: { name: 'admin', password: PASSWORD } })
    cookie = (login.headers['set-cookie'] ?? '').split(';')[0] ?? ''
  }
  const asAdmin = (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    house.ask(path, { method, headers: { cookie, ...headers }, ...(body === undefined ? {} : { body }) })
  const jobs = async (query: string): Promise<readonly JobSeen[]> =>
    ((await asAdmin('GET', `/api/v1/jobs?${query}`)).json() as { items: JobSeen[] }).items
  const jobWhen = (query: string, suits: (job: JobSeen) => boolean): Promise<JobSeen> =>
    until(`a job ${query}`, async () => (await jobs(query)).find(suits) ?? null)
  const codeOf = (answer: Answer): unknown => (answer.json() as { code: unknown }).code
  const addressOf = (name: string): string => `http://127.0.0.1:${provider.port}/files/${name}?token=${TOKEN}`

  before(async () => {
    provider = await startListProvider()
    slow = await startSlowList()
    const entries = ['one', 'two'].map((id) => `#EXTINF:-1 tvg-id="${id}",${id}\n${provider.url.href}live/${id}.ts`)
    provider.serve('list.m3u', { body: `#EXTM3U\n${entries.join('\n')}\n` })
    provider.serve('guide.xml', { body: xmltvOf(Math.floor(Date.now() / 3_600_000) * 3_600_000) })
    await start()
  })
  after(async () => {
    await house[Symbol.asyncDispose]()
    await provider[Symbol.asyncDispose]()
    slow.server.closeAllConnections()
    slow.server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a source is tried before it is kept, and what is wrong with it is said', async () => {
    const good = await asAdmin('POST', '/api/v1/sources/test', { kind: 'm3u', url: addressOf('list.m3u') })
    assert.equal(good.status, 200, good.text)
    const { ok, channels, steps } = good.json() as { ok: boolean; channels: number; steps: { asked: string }[] }
    assert.deepEqual([ok, channels, steps.map(({ asked }) => asked)], [true, 2, ['list', 'channels', 'guide']])

    const dead = await asAdmin('POST', '/api/v1/sources/test', { kind: 'm3u', url: 'http://127.0.0.1:9/nobody.m3u' })
    const report = dead.json() as { ok: boolean; steps: { problem: { code: string; advice?: string } | null }[] }
    assert.deepEqual([report.ok, report.steps.length, report.steps[0]?.problem?.code], [false, 1, 'source/unreachable'])
    assert.notEqual(report.steps[0]?.problem?.advice, undefined)

    for (const { body, says } of [
      { body: { kind: 'm3u', urll: 'http://x/' }, says: /source\.urll: unknown key, did you mean "url"/ },
      { body: { kind: 'ftp' }, says: /source\.kind: should be one of/ },
      { body: { kind: 'm3u', url: 'nonsense' }, says: /source\.url: should be the address of the list/ },
      { body: { kind: 'm3u', file: '/etc/passwd' }, says: /source\.file: should be a file that is there/ },
    ]) {
      const answer = await asAdmin('POST', '/api/v1/sources/test', body)
      assert.equal(answer.status, 400)
      assert.match((answer.json() as { detail: string }).detail, says)
    }
    assert.equal((await house.ask('/api/v1/sources/test', { method: 'POST', body: {} })).status, 401)
    assert.equal((await jobs('kind=source-test')).length, 2)
    assert.equal(provider.mostStreams(), 0)
  })

  test('a source that is added is asked at once, told of, and can be watched', async () => {
    using events = await house.open('/api/v1/events', { headers: { cookie } })
    const told = (): string => new TextDecoder().decode(events.received())
    const body = { id: 'list', kind: 'm3u', name: 'My list', url: addressOf('list.m3u') }
    const added = await asAdmin('POST', '/api/v1/sources', body)
    assert.equal(added.status, 201, added.text)
    const source = added.json() as SourceSeen
    assert.deepEqual([source.name, source.managedBy, source.entry['url']], ['My list', 'house', 'set'])
    assert.deepEqual(source.hosts, { url: `127.0.0.1:${provider.port}` })
    assert.equal(added.headers['etag'], `"${source.revision}"`)
    assert.equal(added.headers['location'], '/api/v1/sources/list')
    assert.equal(source.job?.kind, 'source-refresh')

    const done = await jobWhen('subject=list&kind=source-refresh', ({ state }) => state === 'done')
    assert.deepEqual([done.facts, done.progress?.step], [{ kept: 0, new: 2, gone: 0 }, 'storing'])
    await until('events tell of job and source', () => {
      const text = told()
      return /event: job\ndata: .*"state":"done"/.test(text) && /event: source\ndata: .*"state":"ready"/.test(text)
    })
    assert.equal(addressesIn((await house.ask('/playlist.m3u')).text).length, 2)
    using stream = await house.open('/live/c1.ts')
    assert.equal(stream.status, 200)
    await stream.read(188 * 500)

    assert.deepEqual(
      [
        await asAdmin('POST', '/api/v1/sources', body),
        await asAdmin('POST', '/api/v1/sources', { ...body, id: 'fixed' }),
      ].map(codeOf),
      ['config/id-taken', 'config/id-taken'],
    )
    for (const path of ['/api/v1/sources', '/api/v1/sources/list', '/api/v1/jobs', '/api/status'])
      assert.ok(!(await asAdmin('GET', path)).text.includes(TOKEN), `${path} tells the token`)
    assert.ok(!told().includes(TOKEN))
    assert.ok(!house.printed().includes(TOKEN))
  })

  test('an edit needs the revision it is based on, keeps secrets, and leaves viewers alone where it can', async () => {
    using stream = await house.open('/live/c1.ts')
    await stream.read(188 * 500)
    const { revision } = (await asAdmin('GET', '/api/v1/sources/list')).json() as SourceSeen
    const late = await asAdmin('PATCH', '/api/v1/sources/list', { name: 'X' }, { 'if-match': '"other"' })
    assert.deepEqual([late.status, codeOf(late)], [412, 'config/changed'])
    const edit = { name: 'Renamed', priority: -1, url: 'set' }
    const edited = await asAdmin('PATCH', '/api/v1/sources/list', edit, { 'if-match': `"${revision}"` })
    assert.equal(edited.status, 200, edited.text)
    const source = edited.json() as SourceSeen
    assert.deepEqual([source.name, source.entry['priority'], source.revision === revision], ['Renamed', -1, false])
    await jobWhen('subject=list&kind=source-refresh', ({ state, facts }) => state === 'done' && facts['kept'] === 2)
    await stream.read(stream.received().length + 188 * 500)
    assert.equal(provider.mostStreams(), 1)

    const fixed = await asAdmin('PATCH', '/api/v1/sources/fixed', { name: 'X' })
    assert.deepEqual([fixed.status, codeOf(fixed)], [409, 'config/managed-by-file'])
    assert.equal((await asAdmin('DELETE', '/api/v1/sources/nobody')).status, 404)
    const kind = await asAdmin('PATCH', '/api/v1/sources/list', { kind: 'xtream' })
    assert.equal(kind.status, 400)
  })

  test('a job can be cancelled while it runs', async () => {
    const added = await asAdmin('POST', '/api/v1/sources', { id: 'slow', kind: 'm3u', url: slow.url })
    assert.equal(added.status, 201, added.text)
    const running = await jobWhen('subject=slow&state=running', ({ progress }) => (progress?.done ?? 0) > 10_000)
    assert.equal(running.progress?.step, 'asking')
    assert.equal((await asAdmin('DELETE', `/api/v1/jobs/${running.id}`)).status, 202)
    await jobWhen('subject=slow', ({ id, state }) => id === running.id && state === 'cancelled')
    // Its guide, if there is one, is named in the list: that job waits as well.
    for (const { id } of await jobs('subject=slow&state=running')) await asAdmin('DELETE', `/api/v1/jobs/${id}`)
    await jobWhen('subject=slow&kind=guide-import', ({ state }) => state === 'cancelled')
    assert.equal((await house.ask('/readyz')).status, 200)
  })

  test('after kill -9 everything is there, and the job that ran is shown as interrupted', async () => {
    const started = await asAdmin('POST', '/api/v1/sources/slow/refresh')
    assert.equal(started.status, 202)
    const { job } = started.json() as { job: JobSeen }
    assert.equal(started.headers['location'], `/api/v1/jobs/${job.id}`)
    await until('the list is being read', () => slow.open() === 1)
    await house.kill9()
    for (const name of readdirSync(join(folder, 'data')))
      if (/\.db/.test(name))
        assert.ok(!readFileSync(join(folder, 'data', name)).includes(TOKEN), `the token is in ${name}`)
    await start()

    const found = (await asAdmin('GET', `/api/v1/jobs/${job.id}`)).json() as JobSeen
    assert.deepEqual([found.state, found.subject], ['interrupted', 'slow'])
    const { items } = (await asAdmin('GET', '/api/v1/sources')).json() as { items: SourceSeen[] }
    assert.deepEqual(
      items.map(({ id, name, managedBy }) => [id, name, managedBy]),
      [
        ['fixed', 'fixed', 'file'],
        ['list', 'Renamed', 'house'],
        ['slow', 'slow', 'house'],
      ],
    )
    // What refreshes by schedule simply refreshes again.
    await jobWhen('subject=slow&state=running', ({ id }) => id !== job.id)
    await jobWhen('subject=list&kind=source-refresh', ({ state }) => state === 'done')
    using stream = await house.open('/live/c1.ts')
    await stream.read(188 * 500)
  })

  test('a source that is switched off or removed takes its channels with it, and they come back as they were', async () => {
    await asAdmin('PATCH', '/api/v1/channels/c2', { name: 'Mine' })
    using stream = await house.open('/live/c1.ts')
    await stream.read(188 * 500)
    const channels = async (): Promise<number> => addressesIn((await house.ask('/playlist.m3u')).text).length
    assert.equal((await asAdmin('DELETE', '/api/v1/sources/slow')).status, 204)
    assert.equal(await channels(), 2)
    const off = (await asAdmin('PATCH', '/api/v1/sources/list', { enabled: false })).json() as SourceSeen
    assert.deepEqual([off.state, await channels()], ['disabled', 0])
    await until('its stream is closed', () => provider.openStreams() === 0)
    const refused = await asAdmin('POST', '/api/v1/sources/list/refresh')
    assert.equal(codeOf(refused), 'source/not-supported')
    assert.equal((await asAdmin('PATCH', '/api/v1/sources/list', { enabled: null })).status, 200)
    await until('its channels are back', async () => (await channels()) === 2)

    assert.equal((await asAdmin('DELETE', '/api/v1/sources/list')).status, 204)
    assert.equal((await asAdmin('GET', '/api/v1/sources/list')).status, 404)
    assert.equal(await channels(), 0)
    await asAdmin('POST', '/api/v1/sources', { id: 'list', kind: 'm3u', url: addressOf('list.m3u') })
    await until('its channels are back', async () => (await channels()) === 2)
    assert.equal(((await house.ask('/api/v1/channels/c2')).json() as { name: string }).name, 'Mine')
  })

  test('a portal and a panel are tried and added without anything that they do not forgive', async () => {
    await using providers = await startPortalAndPanel()
    for (const [id, entry] of Object.entries({ panel: providers.panel, portal: providers.portal })) {
      const tried = await asAdmin('POST', '/api/v1/sources/test', entry)
      const { ok, channels, slots, steps } = tried.json() as Record<string, unknown>
      assert.ok(ok === true && Number(channels) > 3 && Number(slots) > 0, `${id}: ${JSON.stringify(steps)}`)
      assert.equal((await asAdmin('POST', '/api/v1/sources', { ...entry, id })).status, 201)
      const done = await jobWhen(`subject=${id}&kind=source-refresh`, ({ state }) => state === 'done')
      assert.equal(done.facts['new'], channels)
    }
    const text = (await asAdmin('GET', '/api/v1/sources')).text
    for (const secret of [providers.panel.password, ...providers.portal.macs])
      assert.ok(secret !== undefined && !text.includes(secret) && !house.printed().includes(secret))

    const { items } = (await asAdmin('GET', '/api/v1/channels?limit=200')).json() as {
      items: { id: string; sources: string[] }[]
    }
    const channel = items.find(({ sources }) => sources.includes('portal'))
    using stream = await house.open(`/live/${channel?.id}.ts`)
    await stream.read(188 * 500)
    // A portal ends the stream of a MAC that signs in anew.
    const test = await asAdmin('POST', '/api/v1/sources/test', providers.portal)
    assert.deepEqual([test.status, codeOf(test)], [503, 'http/busy'])
    for (const id of ['panel', 'portal']) assert.equal((await asAdmin('DELETE', `/api/v1/sources/${id}`)).status, 204)
    await until('its stream has ended', async () => {
      const { streams } = (await asAdmin('GET', '/api/status')).json() as { streams: { sourceId: string | null }[] }
      return streams.every(({ sourceId }) => sourceId !== 'portal')
    })
    assert.deepEqual(providers.forbidden(), [])
  })

  test('a guide is added, shifted, switched off and removed', async () => {
    const body = { id: 'europe', url: addressOf('guide.xml'), headers: { 'X-Key': TOKEN } }
    const added = await asAdmin('POST', '/api/v1/guide/feeds', body)
    assert.equal(added.status, 201, added.text)
    assert.deepEqual((added.json() as SourceSeen).entry['headers'], { 'X-Key': 'set' })
    await jobWhen(
      'subject=europe&kind=guide-import',
      ({ state, facts }) => state === 'done' && facts['programmes'] === 1,
    )
    const startOf = async (): Promise<string | null> =>
      /<programme start="(\d{12})[^>]*>\s*<title[^>]*>The Show/.exec((await house.ask('/xmltv.xml')).text)?.[1] ?? null
    const before = await until('the guide shows it', startOf)

    const revision = added.headers['etag'] ?? ''
    const moved = await asAdmin('PATCH', '/api/v1/guide/feeds/europe', { shiftMinutes: 30 }, { 'if-match': revision })
    assert.equal(moved.status, 200, moved.text)
    await until('it is half an hour later', async () => Number(await startOf()) - Number(before) === 30)
    const again = await asAdmin('PATCH', '/api/v1/guide/feeds/europe', { priority: 5 }, { 'if-match': revision })
    assert.equal(codeOf(again), 'config/changed')
    const taken = await asAdmin('POST', '/api/v1/guide/feeds', { id: 'list', url: addressOf('guide.xml') })
    assert.equal(codeOf(taken), 'config/id-taken')

    const feeds = async (): Promise<readonly { id: string; state: string; managedBy: string }[]> =>
      (
        (await asAdmin('GET', '/api/v1/guide/feeds')).json() as {
          items: { id: string; state: string; managedBy: string }[]
        }
      ).items
    assert.equal((await asAdmin('PATCH', '/api/v1/guide/feeds/europe', { enabled: false })).status, 200)
    assert.equal((await feeds()).find(({ id }) => id === 'europe')?.state, 'disabled')
    assert.equal(await startOf(), null)
    assert.equal((await asAdmin('DELETE', '/api/v1/guide/feeds/europe')).status, 204)
    assert.deepEqual(
      (await feeds()).filter(({ managedBy }) => managedBy !== 'source'),
      [],
    )
  })
})
