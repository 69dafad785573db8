import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { newFolder, RUNTIME, runToEnd, startProgram, until } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'

const PASSWORD = 'correct horse battery'

/** The headers of the owner of a house that has just begun. */
async function owner(program: Program): Promise<Record<string, string>> {
  const { code } = await program.line('setup-code')
  const answer = await program.ask('/api/v1/setup', { method: 'POST', body: { code, name: 'jo', password: PASSWORD } })
  assert.equal(answer.status, 201, answer.text)
  return { cookie: answer.headers['set-cookie']?.split(';')[0] ?? '' }
}

const addToken = (program: Program, headers: Record<string, string>, name: string) =>
  program.ask('/api/v1/tokens', { method: 'POST', headers, body: { name, kind: 'viewing' } })

/** Names of the tokens that somebody has made. */
async function tokenNames(program: Program, headers: Record<string, string>): Promise<string[]> {
  const answer = await program.ask('/api/v1/tokens', { headers })
  assert.equal(answer.status, 200, answer.text)
  return (answer.json() as { items: { name: string }[] }).items.map(({ name }) => name).filter((name) => name !== 'jo')
}

/** Makes a backup, and gives its name. */
async function makeBackup(program: Program, headers: Record<string, string>, body: object = {}): Promise<string> {
  const started = await program.ask('/api/v1/backup', { method: 'POST', headers, body })
  assert.equal(started.status, 202, started.text)
  const { id } = (started.json() as { job: { id: string } }).job
  return until('the backup is made', async () => {
    const job = (await program.ask(`/api/v1/jobs/${id}`, { headers })).json() as {
      state: string
      facts: { backup?: string }
    }
    assert.notEqual(job.state, 'failed', JSON.stringify(job))
    return job.state === 'done' ? (job.facts.backup ?? null) : null
  })
}

const sendFile = async (program: Program, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
  fetch(`${program.url}/api/v1/system/restore`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: bytes,
  })

test('a house is backed up, changed, brought back while it runs, and killed; it stays the one of the backup', async () => {
  const folder = newFolder()
  const options = { folder }
  {
    await using program = await startProgram(options)
    const jo = await owner(program)
    await addToken(program, jo, 'before')
    const name = await makeBackup(program, jo)
    assert.match(name, /^downlink-\d{8}T\d{6}Z-asked-[0-9a-f]{4}\.tar\.gz$/)
    await addToken(program, jo, 'after')

    const nothing = await program.ask('/api/v1/system/restore', { method: 'POST', headers: jo, body: { backup: 'no' } })
    assert.equal((nothing.json() as { code: string }).code, 'backup/unknown')
    const junk = await sendFile(program, new TextEncoder().encode('no backup'), jo)
    assert.equal(((await junk.json()) as { code: string }).code, 'backup/not-one')
    assert.deepEqual((await tokenNames(program, jo)).toSorted(), ['after', 'before'])

    const restored = await program.ask('/api/v1/system/restore', {
      method: 'POST',
      headers: jo,
      body: { backup: name },
    })
    assert.equal(restored.status, 202, restored.text)
    const { before, hasOwner } = restored.json() as { before: string; hasOwner: boolean }
    assert.ok(hasOwner)
    await program.line('restored')
    assert.deepEqual(await tokenNames(program, jo), ['before'])
    assert.deepEqual(readdirSync(program.dataDir).includes('restore'), false)

    // The house before is a backup now, and can be brought back in its turn; this time it is killed at once.
    const undone = await program.ask('/api/v1/system/restore', {
      method: 'POST',
      headers: jo,
      body: { backup: before },
    })
    assert.equal(undone.status, 202, undone.text)
    await program.kill9()
  }
  {
    await using program = await startProgram(options)
    await program.line('restored')
    const answer = await program.ask('/api/v1/session', { method: 'POST', body: { name: 'jo', password: PASSWORD } })
    const jo = { cookie: answer.headers['set-cookie']?.split(';')[0] ?? '' }
    assert.deepEqual((await tokenNames(program, jo)).toSorted(), ['after', 'before'])
    assert.equal((await program.stop()).code, 0)
  }
  rmSync(folder, { recursive: true })
})

test('a new house begins with a backup, by its set-up code and nothing less', async () => {
  let bytes: Uint8Array<ArrayBuffer>
  {
    await using first = await startProgram()
    const jo = await owner(first)
    await addToken(first, jo, 'of the old house')
    const name = await makeBackup(first, jo, { passphrase: 'pässphrase of jo' })
    assert.match(name, /\.locked$/)
    const answer = await fetch(`${first.url}/api/v1/backup/${name}`, { headers: jo })
    assert.equal(answer.headers.get('content-disposition'), `attachment; filename="${name}"`)
    bytes = new Uint8Array(await answer.arrayBuffer())
    // Bun sends streams in chunks, whatever length is told.
    const length = answer.headers.get('content-length')
    assert.ok(length === null ? RUNTIME === 'bun' : Number(length) === bytes.length)
    const closed = await sendFile(first, bytes, { 'x-setup-code': 'ABCD-EFGH-JKMN' })
    assert.equal(((await closed.json()) as { code: string }).code, 'access/setup-done')
  }
  await using program = await startProgram()
  const { code } = await program.line('setup-code')
  const rights = { 'x-setup-code': String(code) }
  const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: string }).code
  assert.equal(await codeOf(await sendFile(program, bytes, {})), 'access/sign-in')
  assert.equal(await codeOf(await sendFile(program, bytes, { 'x-setup-code': 'AAAA-BBBB-CCCC' })), 'access/setup-code')
  assert.equal(await codeOf(await sendFile(program, bytes, rights)), 'backup/passphrase')
  assert.deepEqual(readdirSync(join(program.dataDir, 'backups')), [])
  const passphrase = encodeURIComponent('pässphrase of jo')
  const done = await sendFile(program, bytes, { ...rights, 'x-backup-passphrase': passphrase })
  assert.equal(done.status, 202, await done.clone().text())
  await program.line('restored')
  const answer = await program.ask('/api/v1/session', { method: 'POST', body: { name: 'jo', password: PASSWORD } })
  assert.equal(answer.status, 200, answer.text)
  const jo = { cookie: answer.headers['set-cookie']?.split(';')[0] ?? '' }
  assert.deepEqual(await tokenNames(program, jo), ['of the old house'])
})

test('"backup" and "restore" work beside a running server and without one', async () => {
  const folder = newFolder()
  const run = (...command: string[]) =>
    runToEnd({ folder, command, bare: true, args: ['--data', join(folder, 'data')] })
  {
    await using program = await startProgram({ folder })
    await run('token', 'add', 'one')
    const made = await run('backup', 'running.tar.gz')
    assert.equal(made.code, 0, made.stderr)
    assert.equal(statSync(join(folder, 'running.tar.gz')).mode & 0o777, 0o600)
    await run('token', 'add', 'two')
    const again = await run('backup', 'running.tar.gz')
    assert.equal(again.code, 1)
    assert.match(again.stderr, /already/)
    assert.equal((await program.stop()).code, 0)
  }
  const resting = await run('backup', 'resting.tar.gz')
  assert.equal(resting.code, 0, resting.stderr)
  const back = await run('restore', 'running.tar.gz')
  assert.equal(back.code, 0, back.stderr)
  const list = await run('token', 'list')
  assert.match(list.stdout, / one /)
  assert.doesNotMatch(list.stdout, / two /)
  {
    await using program = await startProgram({ folder })
    await program.line('restored')
    const forth = await run('restore', 'resting.tar.gz')
    assert.equal(forth.code, 0, forth.stderr)
    await until('the house starts anew', () => program.lines.filter(({ event }) => event === 'restored').length === 2)
    assert.match((await run('token', 'list')).stdout, / two /)
    assert.equal((await program.stop()).code, 0)
  }
  writeFileSync(join(folder, 'cut.tar.gz'), readFileSync(join(folder, 'resting.tar.gz')).subarray(0, 900))
  const cut = await run('restore', 'cut.tar.gz')
  assert.equal(cut.code, 1)
  assert.match(cut.stderr, /^downlink: The backup cannot be read/)
  assert.equal((await run('restore', 'nowhere.tar.gz')).code, 2)
  assert.ok(!existsSync(join(folder, 'data', 'restore')))
  rmSync(folder, { recursive: true })
})
