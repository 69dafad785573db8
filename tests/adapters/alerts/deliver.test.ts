import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { createDeliver, signatureOf } from '../../../adapters/alerts/deliver.ts'
import type { Target } from '../../../core/alerts/target.ts'
import { Failure } from '../../../core/errors.ts'
import { anAlert, aTarget, T0 } from '../../core/alerts/samples.ts'

const NEVER = new AbortController().signal
const deliver = createDeliver({ userAgent: 'downlink/test', ownPorts: () => [], now: () => T0 })

type Seen = {
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
  readonly method: string
}

/** A server that keeps what it is sent. */
async function listening(status = 200) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (part: string) => (body += part))
    request.on('end', () => {
      seen.push({ headers: request.headers, body, method: request.method ?? '' })
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    seen,
    url: `http://127.0.0.1:${port}/hook/key-in-the-path`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const LOCAL = { allowHosts: ['127.0.0.1'] }

test('a webhook gets JSON, signed with its secret', async () => {
  await using server = await listening()
  const secrets = { url: server.url, secret: 'shared' }
  await deliver({ target: aTarget(LOCAL), secrets, alerts: [anAlert()] }, NEVER)
  const [request] = server.seen
  assert.equal(request?.method, 'POST')
  const body = JSON.parse(request?.body ?? '') as { title: string; alerts: { rule: string; advice: string }[] }
  assert.deepEqual([body.title, body.alerts[0]?.rule], ['Source "Box" is down', 'source-down'])
  const timestamp = String(request?.headers['x-downlink-timestamp'])
  assert.equal(request?.headers['x-downlink-signature'], signatureOf('shared', timestamp, request?.body ?? ''))
})

test('ntfy gets a text with a title that may have umlauts, and the token', async () => {
  await using server = await listening()
  const target = { ...aTarget({ ...LOCAL, language: 'de' }), kind: 'ntfy' } as Target
  await deliver({ target, secrets: { url: server.url, secret: 'tk_1' }, alerts: [anAlert({ name: 'Küche' })] }, NEVER)
  const [request] = server.seen
  const title = /^=\?UTF-8\?B\?(.*)\?=$/.exec(String(request?.headers['title']))?.[1] ?? ''
  assert.equal(Buffer.from(title, 'base64').toString(), 'Quelle „Küche“ ist ausgefallen')
  assert.deepEqual([request?.headers['priority'], request?.headers['authorization']], ['5', 'Bearer tk_1'])
  assert.match(request?.body ?? '', /eingeschaltet/)
})

test('the local network is reached only where the owner named it', async () => {
  await using server = await listening()
  const parcel = { target: aTarget(), secrets: { url: server.url, secret: null }, alerts: [anAlert()] }
  await assert.rejects(deliver(parcel, NEVER), { code: 'source/forbidden-address' })
  assert.equal(server.seen.length, 0)
})

for (const status of [302, 404, 500]) {
  test(`status ${status} is no delivery, and its failure tells no address`, async () => {
    await using server = await listening(status)
    const parcel = { target: aTarget(LOCAL), secrets: { url: server.url, secret: null }, alerts: [anAlert()] }
    await assert.rejects(deliver(parcel, NEVER), (error) => {
      assert.ok(error instanceof Failure)
      assert.equal(error.code, 'alerts/not-delivered')
      assert.ok(!error.message.includes('key-in-the-path'))
      return true
    })
  })
}

/** A mail server that keeps what it is sent, for one user. */
async function mailServer() {
  const mails: { from: string; to: readonly string[]; text: string }[] = []
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _, done) =>
      username === 'anna' && password === 'right' ? done(null, { user: 'anna' }) : done(new Error('Wrong')),
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (part: Uint8Array) => (text += new TextDecoder().decode(part)))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  server.on('error', () => {}) // clients that break off
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return { mails, port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

const mailTarget = (port: number, changes: Partial<Target> = {}): Target =>
  ({
    ...aTarget(LOCAL),
    kind: 'email',
    host: '127.0.0.1',
    port,
    security: 'none',
    username: 'anna',
    from: 'tv@example.org',
    to: ['anna@example.org', 'bo@example.org'],
    ...changes,
  }) as Target

test('e-mail goes to all recipients', async () => {
  await using server = await mailServer()
  const secrets = { url: null, secret: 'right' }
  await deliver({ target: mailTarget(server.port), secrets, alerts: [anAlert()] }, NEVER)
  const [mail] = server.mails
  assert.deepEqual([mail?.from, mail?.to], ['tv@example.org', ['anna@example.org', 'bo@example.org']])
  assert.match(mail?.text ?? '', /^Subject: =\?UTF-8\?Q\?Source_=22Box=22_is_down/m)
})

test('a mail server that refuses the password says so, without the password', async () => {
  await using server = await mailServer()
  const secrets = { url: null, secret: 'wrong-password' }
  await assert.rejects(deliver({ target: mailTarget(server.port), secrets, alerts: [anAlert()] }, NEVER), (error) => {
    assert.ok(error instanceof Failure)
    assert.equal(error.message, 'The mail server of "Hook" refuses the user name or password')
    return true
  })
})

test('a mail server that offers no encryption gets nothing where that is wished', async () => {
  await using server = await mailServer()
  const parcel = {
    target: mailTarget(server.port, { security: 'starttls' } as Partial<Target>),
    secrets: { url: null, secret: 'right' },
    alerts: [anAlert()],
  }
  await assert.rejects(deliver(parcel, NEVER), { code: 'alerts/not-delivered' })
  assert.equal(server.mails.length, 0)
})
