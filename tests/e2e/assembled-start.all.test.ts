import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import manifest from '../../package.json' with { type: 'json' }
import { newFolder, RUNTIME, runToEnd, startProgram } from '../runtime/program.ts'
import type { Program, ProgramOptions } from '../runtime/program.ts'

const KEYS = 'k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'

/** Starts that have to fail at once, with all of what they say. */
const REFUSALS: readonly {
  readonly name: string
  readonly options: ProgramOptions
  readonly code: number
  readonly says: RegExp
}[] = [
  {
    name: 'an unknown option',
    options: { args: ['--lissten', ':1'] },
    code: 2,
    says: /^downlink: .*--lissten.*--help/,
  },
  {
    name: 'an unknown command',
    options: { command: ['sserve'], bare: true },
    code: 2,
    says: /^downlink: Unknown command "sserve": it should be one of serve, demo, doctor, token, channel, play, publisher, user, backup, restore$/m,
  },
  {
    name: 'an option of another command',
    options: { command: ['token', 'list'], bare: true, args: ['--role', 'all'] },
    code: 2,
    says: /--role does not belong to "token"/,
  },
  {
    name: 'a wrong value of an option',
    options: { args: ['--role', 'edge'] },
    code: 2,
    says: /^downlink: --role: .*all.*gateway.*adapter/,
  },
  {
    name: 'an unknown key, with its path and a suggestion',
    options: { config: { sources: [{ id: 'a', kind: 'enigma2', url: 'http://127.0.0.1:1', streemPort: 1 }] } },
    code: 2,
    says: /^downlink: sources\[0\]\.streemPort: unknown key, did you mean "streamPort"\?$/m,
  },
  {
    name: 'a file that is not YAML, by place and without its content',
    options: { config: 'admin:\n  password: "hunter22 hunter22\nlisten: [' },
    code: 2,
    says: /^downlink: downlink\.yaml: this is not YAML at line \d+, column \d+$/m,
  },
  {
    name: 'a wrong environment variable, by its name and key',
    options: { env: { DOWNLINK_LINK_TTL: 'soon' } },
    code: 2,
    says: /^downlink: DOWNLINK_LINK_TTL \(links\.ttlSeconds\): /,
  },
  {
    name: 'a config file that is not there',
    options: { args: ['--config', 'nowhere.yaml'] },
    code: 2,
    says: /^downlink: --config: "nowhere\.yaml" cannot be read/,
  },
  {
    name: 'a gateway without keys',
    options: { args: ['--role', 'gateway'], env: { DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1' } },
    code: 2,
    says: /^downlink: links\.keys: .*DOWNLINK_LINK_KEYS/,
  },
  {
    name: 'an adapter without keys',
    options: { args: ['--role', 'adapter'] },
    code: 2,
    says: /^downlink: links\.keys: .*DOWNLINK_LINK_KEYS/,
  },
  {
    name: 'a gateway without the address of its adapter',
    options: { args: ['--role', 'gateway'], env: { DOWNLINK_LINK_KEYS: KEYS } },
    code: 2,
    says: /^downlink: links\.adapterUrl: .*DOWNLINK_ADAPTER_URL/,
  },
  {
    name: 'an FFmpeg that does not run',
    options: { env: { FFMPEG_PATH: '/nowhere/ffmpeg' } },
    code: 2,
    says: /^downlink: .*(FFMPEG_PATH|ffmpeg\.path).*\/nowhere\/ffmpeg/,
  },
  {
    name: 'a data folder that cannot be one',
    options: { bare: true, args: ['--listen', '127.0.0.1:0', '--data', '/dev/null/data'] },
    code: 2,
    says: /^downlink: dataDir: "\/dev\/null\/data" cannot be used \(ENOTDIR\)/,
  },
  {
    name: 'a log file that cannot be one',
    options: { env: { DOWNLINK_LOG_FILE: '/dev/null/log/downlink.log' } },
    code: 2,
    says: /^downlink: log\.file: "\/dev\/null\/log\/downlink\.log" cannot be written/,
  },
  {
    name: 'an address that is not ours',
    options: { bare: true, args: ['--data', 'data', '--listen', '203.0.113.7:18080'] },
    code: 1,
    says: /^downlink: Cannot listen on 203\.0\.113\.7:18080: /,
  },
]

describe(`the command line on ${RUNTIME}`, { concurrency: 2 }, () => {
  for (const { name, options, code, says } of REFUSALS) {
    test(`${name} ends with exit code ${code} and one line on stderr`, async () => {
      const ran = await runToEnd(options)
      assert.match(ran.stderr, says)
      assert.equal(ran.stderr.trimEnd().split('\n').length, 1, ran.stderr)
      assert.equal(ran.code, code)
      assert.doesNotMatch(ran.stdout, /"listening"/)
      assert.doesNotMatch(ran.stdout + ran.stderr, /hunter22/)
    })
  }

  test('--help lists every command and option', async () => {
    const ran = await runToEnd({ command: ['--help'], bare: true })
    assert.equal(ran.code, 0)
    for (const word of ['serve', 'demo', 'doctor', 'token add', 'token list', 'token revoke'])
      assert.ok(ran.stdout.includes(word), word)
    for (const word of ['--config', '--data', '--listen', '--role', '--log-level', '--version'])
      assert.ok(ran.stdout.includes(word), word)
    assert.equal(ran.stderr, '')
  })

  test('--version prints the version and nothing else', async () => {
    const ran = await runToEnd({ command: ['--version'], bare: true })
    assert.deepEqual(ran, { code: 0, stdout: `${manifest.version}\n`, stderr: '' })
  })

  test('a port that another program has is exit code 1', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    const ran = await runToEnd({ bare: true, args: ['--data', 'data', '--listen', `127.0.0.1:${port}`] })
    await new Promise((resolve) => server.close(resolve))
    assert.equal(ran.code, 1)
    assert.match(
      ran.stderr,
      new RegExp(`^downlink: Cannot listen on 127\\.0\\.0\\.1:${port}: another program does.*\n$`),
    )
  })

  test('option wins over environment, environment over file, file over default', async () => {
    // What wins is told by doctor, which names what it looks at.
    const ran = await runToEnd({
      command: ['doctor'],
      bare: true,
      args: ['--data', 'from-option'],
      env: { DOWNLINK_DATA: 'from-environment', DOWNLINK_LISTEN: '127.0.0.1:18931' },
      config: {
        dataDir: 'from-file',
        listen: '127.0.0.1:18932',
        sources: [{ id: 'file', kind: 'enigma2', url: 'http://127.0.0.1:9', enabled: false }],
      },
    })
    assert.match(ran.stdout, /Data folder: from-option$/m)
    assert.match(ran.stdout, /Port 18931: /)
    assert.match(ran.stdout, /Source "file": switched off$/m)
    assert.match(ran.stdout, /role all$/m)
    assert.equal(ran.code, 0, ran.stdout)
  })
})

describe(`a running program on ${RUNTIME}`, () => {
  const secrets = { admin: 'correct-horse-battery', source: 'dream-box-password' }
  const stack = new AsyncDisposableStack()
  let folder: string
  let program: Program
  before(async () => {
    folder = newFolder()
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    // Nearly full from an earlier run.
    mkdirSync(join(folder, 'log'))
    writeFileSync(join(folder, 'log/downlink.log'), '{"event":"from-before"}\n'.repeat(2700))
    const starting = startProgram({
      folder,
      env: { DOWNLINK_ADMIN_PASSWORD: secrets.admin },
      config: {
        log: { file: 'log/downlink.log', maxBytes: 65_536, level: 'debug' },
        links: { keys: KEYS },
        // Nobody is there: its failure is logged, with everything that is known about it.
        sources: [
          { id: 'off', kind: 'enigma2', url: 'http://127.0.0.1:9', username: 'root', password: secrets.source },
        ],
      },
    })
    program = stack.use(await starting)
  })
  after(() => stack.disposeAsync())

  test('its first line on stdout says where it listens', () => {
    const [first] = program.lines
    assert.equal(first?.event, 'listening')
    assert.match((first?.['urls'] as string[] | undefined)?.[0] ?? '', /^http:\/\/127\.0\.0\.1:\d+\/$/)
    assert.ok(program.lines.every(({ event }) => /^[a-z0-9-]+$/.test(event)))
  })

  test('a second one is kept out of its data folder', async () => {
    const ran = await runToEnd({ folder })
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /^downlink: .*\n$/)
    assert.match(ran.stderr, /Stop the other downlink process first/)
  })

  test('makes, lists and revokes viewing links at the command line while it runs', async () => {
    const made = await runToEnd({
      command: ['token', 'add', 'Kitchen TV'],
      bare: true,
      folder,
      args: ['--data', 'data'],
    })
    assert.equal(made.code, 0, made.stderr)
    const [, id = ''] = /"Kitchen TV" \(([\w-]+)\)/.exec(made.stdout) ?? []
    const [, playlist = ''] = /^ {2}(http:\S+\/t\/\S+\/playlist\.m3u)$/m.exec(made.stdout) ?? []
    // The address is the one that it really listens on.
    assert.ok(playlist.startsWith(`${program.url}/t/`), made.stdout)
    const path = playlist.slice(program.url.length)
    // From nowhere near: only the token opens the door.
    const far = { headers: { 'x-forwarded-for': '203.0.113.9' } }
    assert.equal((await program.ask(path, far)).status, 200)

    const list = await runToEnd({ command: ['token', 'list'], bare: true, folder, args: ['--data', 'data'] })
    assert.match(list.stdout, new RegExp(`^${id} {2}Kitchen TV {2}since \\d{4}-\\d\\d-\\d\\d, last seen `, 'm'))
    const gone = await runToEnd({ command: ['token', 'revoke', id], bare: true, folder, args: ['--data', 'data'] })
    assert.deepEqual([gone.code, gone.stdout], [0, 'The viewing link is revoked\n'])
    assert.equal((await program.ask(path, far)).status, 403)
    const again = await runToEnd({ command: ['token', 'revoke', id], bare: true, folder, args: ['--data', 'data'] })
    assert.equal(again.code, 1)
    assert.match(again.stderr, new RegExp(`^downlink: There is no viewing link "${id}"`))
  })

  test('its control socket is for the owner of the data folder alone', () => {
    assert.equal(statSync(join(folder, 'data/control.sock')).mode & 0o777, 0o600)
  })

  test('doctor says what is wrong and what to do, and that it runs', async () => {
    const ran = await runToEnd({
      command: ['doctor'],
      bare: true,
      folder,
      args: ['--data', 'data', '--listen', program.url.slice(7)],
    })
    assert.equal(ran.code, 1)
    assert.match(ran.stdout, /^WRONG {2}Source "off": .+\n {7}.+$/m)
    assert.match(ran.stdout, /^ok {5}Port \d+: a running downlink of this data folder has it$/m)
    assert.match(ran.stdout, new RegExp(`^ok {5}downlink: ${manifest.version} on ${RUNTIME} `, 'm'))
    assert.doesNotMatch(ran.stdout + ran.stderr, new RegExp(secrets.source))
  })

  test('no secret gets into its log', async () => {
    const login = { name: 'admin', password: secrets.admin }
    const wrong = await program.ask('/api/v1/session', {
      method: 'POST',
      body: { name: 'admin', password: 'a-typing-error' },
    })
    assert.equal(wrong.status, 401)
    const right = await program.ask('/api/v1/session', { method: 'POST', body: login })
    assert.equal(right.status, 200)
    const cookie = (right.headers['set-cookie'] ?? '').split(';')[0] ?? ''
    const made = await program.ask('/api/v1/tokens', { method: 'POST', headers: { cookie }, body: { name: 'Phone' } })
    const { token } = made.json() as { token: string }
    for (const path of [`/t/${token}/live/c99.ts`, `/t/${token}x/playlist.m3u`, `/s/${token}/live/c1.ts`])
      await program.ask(path)
    await program.line('source-failing')
    const printed = program.printed() + readFileSync(join(folder, 'log/downlink.log'), 'utf8')
    for (const secret of [
      secrets.admin,
      secrets.source,
      'a-typing-error',
      KEYS.slice(3),
      token,
      cookie.split('=')[1] ?? '?',
    ])
      assert.ok(!printed.includes(secret), `a secret of ${secret.length} characters is in the log`)
  })

  test('the log goes to its file too, which is rotated', async () => {
    const path = join(folder, 'log/downlink.log')
    // Each refusal is a line.
    for (let i = 0; i < 50 && !existsSync(`${path}.1`); i++)
      await program.ask('/api/v1/session', { method: 'POST', body: { name: `nobody-${i}`, password: 'wrong' } })
    assert.ok(existsSync(`${path}.1`), 'the file was never rotated')
    assert.ok(statSync(path).size <= 65_536 && statSync(`${path}.1`).size <= 65_536)
    const lines = readFileSync(`${path}.1`, 'utf8').trimEnd().split('\n')
    assert.equal(lines[0], '{"event":"from-before"}')
    assert.ok(lines.every((line) => typeof (JSON.parse(line) as { event: unknown }).event === 'string'))
  })

  test('ends with exit code 0 on SIGINT, even if it comes twice', async () => {
    const stopping = program.stop('SIGINT')
    process.kill(program.pid, 'SIGINT')
    const { code, ms } = await stopping
    assert.equal(code, 0)
    assert.ok(ms < 5000, `it took ${ms} ms`)
    assert.equal(program.lines.at(-1)?.event, 'stopped')
    assert.ok(!existsSync(join(folder, 'data/control.sock')))
  })
})

test(`viewing links are made, listed and revoked without a running server on ${RUNTIME}`, async () => {
  const folder = newFolder()
  const run = (...words: string[]) =>
    runToEnd({ command: ['token', ...words], bare: true, folder, args: ['--data', 'data'] })
  try {
    assert.match((await run('list')).stdout, /^There is no viewing link yet/)
    const made = await run('add', 'Living room')
    assert.equal(made.code, 0, made.stderr)
    const [, token = ''] = /\/t\/([^/]+)\/playlist\.m3u/.exec(made.stdout) ?? []
    const [, id = ''] = /\(([\w-]+)\)/.exec(made.stdout) ?? []
    await using program = await startProgram({ folder })
    const far = { headers: { 'x-forwarded-for': '203.0.113.9' } }
    assert.equal((await program.ask('/playlist.m3u', far)).status, 401)
    assert.equal((await program.ask(`/t/${token}/playlist.m3u`, far)).status, 200)
    await program.stop()
    assert.equal((await run('revoke', id)).code, 0)
    assert.match((await run('list')).stdout, /^There is no viewing link yet/)
    assert.equal((await run('add')).code, 2)
    assert.equal((await run('steal', 'x')).code, 2)
    const front = await runToEnd({
      command: ['token', 'add', 'x'],
      bare: true,
      folder,
      env: { DOWNLINK_ROLE: 'gateway', DOWNLINK_LINK_KEYS: KEYS, DOWNLINK_ADAPTER_URL: 'http://127.0.0.1:1' },
    })
    assert.equal(front.code, 2)
    assert.match(front.stderr, /where the adapter is/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test(`the set-up code is shown at every log level and makes the first owner on ${RUNTIME}`, async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'own.yaml'), 'log: { level: error, file: downlink.log }\n')
  try {
    await using program = await startProgram({ folder, args: ['--config', 'own.yaml'] })
    const line = await program.line('setup-code')
    assert.equal(line['url'], `${program.url}/setup`)
    const code = String(line['code'])
    assert.ok(!readFileSync(join(folder, 'downlink.log'), 'utf8').includes(code), 'the code is in a file')
    const setUp = (body: object) => program.ask('/api/v1/setup', { method: 'POST', body })
    const owner = { name: 'anna', password: 'a long password' }
    assert.equal((await setUp({ ...owner, code: 'WRON-GCOD-E000' })).status, 403)
    const done = await setUp({ ...owner, code })
    assert.equal(done.status, 201)
    assert.match(done.headers['set-cookie'] ?? '', /^downlink_session=[^;]+; .*HttpOnly/)
    assert.equal((await setUp({ ...owner, code })).status, 409)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
