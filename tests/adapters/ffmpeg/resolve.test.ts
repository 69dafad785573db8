import assert from 'node:assert/strict'
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { after, test } from 'node:test'
import { resolveFfmpeg } from '../../../adapters/ffmpeg/resolve.ts'
import { Failure } from '../../../core/errors.ts'
import { textsOf } from '../../fakes/notice-texts.ts'

const folder = mkdtempSync(join(tmpdir(), 'downlink-ffmpeg-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const log = (): void => {}

/** A program that says of itself what FFmpeg says. */
function fakeFfmpeg(name: string, { version = '6.1.1', encoders = ['libx264', 'aac'] } = {}): string {
  const path = join(folder, name)
  const list = encoders.map((encoder) => ` ${encoder.startsWith('lib') ? 'V' : 'A'}....D ${encoder}  An encoder`)
  writeFileSync(
    path,
    `#!/bin/sh
case "$*" in
  *-version*) echo 'ffmpeg version ${version} Copyright (c) 2000-2024 the FFmpeg developers';;
  *-encoders*) printf '%s\\n' 'Encoders:' ' V..... = Video' ${list.map((line) => `'${line}'`).join(' ')};;
esac
`,
  )
  chmodSync(path, 0o755)
  return path
}

test('resolveFfmpeg() takes the configured program and says what it is', async () => {
  const path = fakeFfmpeg('good')
  const found = await resolveFfmpeg({ configured: path, log })
  assert.deepEqual(found, {
    path,
    version: '6.1.1',
    origin: 'configured',
    encoders: new Set(['libx264', 'aac']),
    notices: [],
  })
})

for (const { name, path } of [
  { name: 'is not there', path: () => join(folder, 'absent') },
  {
    name: 'is no program',
    path: () => {
      const file = join(folder, 'text')
      writeFileSync(file, 'not a program')
      return file
    },
  },
  {
    name: 'is another program',
    path: () => {
      const file = join(folder, 'other')
      writeFileSync(file, '#!/bin/sh\necho "something else 1.0"\n')
      chmodSync(file, 0o755)
      return file
    },
  },
])
  test(`resolveFfmpeg() refuses a configured path that ${name}, by the key of the configuration`, async () => {
    await assert.rejects(resolveFfmpeg({ configured: path(), log }), (error) => {
      assert.ok(error instanceof Failure)
      assert.equal(error.code, 'config/invalid')
      assert.match(error.message, /^ffmpeg\.path: .*should be/)
      return true
    })
  })

for (const { version, isOld } of [
  { version: '4.3.8-0+deb11u1', isOld: true },
  { version: '4.4.2-0ubuntu0.22.04.1', isOld: false },
  { version: '5.1.9-0+deb12u1', isOld: false },
  { version: 'n7.1', isOld: false },
  { version: '3.4', isOld: true },
  { version: 'N-47683-g0e8eb07980-static', isOld: true },
  { version: 'N-118193-g5f38c82536-20241231', isOld: false },
])
  test(`resolveFfmpeg() ${isOld ? 'warns of' : 'is content with'} version ${version}`, async () => {
    const { notices } = await resolveFfmpeg({ configured: fakeFfmpeg('versioned', { version }), log })
    assert.equal(notices.length, isOld ? 1 : 0)
    if (isOld) assert.ok(notices[0]?.text.startsWith(`FFmpeg ${version} `))
  })

test('resolveFfmpeg() says what a program without AAC means', async () => {
  const { notices } = await resolveFfmpeg({ configured: fakeFfmpeg('silent', { encoders: ['libx264'] }), log })
  assert.equal(notices.length, 1)
  assert.match(notices[0]?.text ?? '', /no AAC encoder/)
})

/** Whether a package of npm brought a program that is there; its own idea of the path is not to be trusted. */
async function bringsProgram(name: string): Promise<boolean> {
  try {
    const { default: exported } = (await import(name)) as { default: string | { path: string } }
    accessSync(typeof exported === 'string' ? exported : exported.path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

test('resolveFfmpeg() looks beside the program, in ffmpeg-static, on the PATH and in @ffmpeg-installer, in this order', async () => {
  fakeFfmpeg('ffmpeg', { version: '9.9.9' })
  const before = process.env['PATH']
  process.env['PATH'] = [folder, before].join(delimiter)
  try {
    const { origin, version } = await resolveFfmpeg({ configured: null, log })
    const isStatic = await bringsProgram('ffmpeg-static')
    assert.equal(origin, isStatic ? 'ffmpeg-static' : 'PATH')
    if (!isStatic) assert.equal(version, '9.9.9')
  } finally {
    process.env['PATH'] = before
  }
})

test('resolveFfmpeg() gives a house without FFmpeg its way on, and says what to install', async () => {
  const before = process.env['PATH']
  process.env['PATH'] = join(folder, 'empty')
  try {
    const found = await resolveFfmpeg({ configured: null, log })
    const names = ['ffmpeg-static', '@ffmpeg-installer/ffmpeg'] as const
    const brought = await Promise.all(names.map(bringsProgram))
    if (brought.includes(true)) {
      assert.equal(found.origin, brought[0] ? 'ffmpeg-static' : '@ffmpeg-installer')
      assert.ok(found.path)
    } else {
      assert.deepEqual([found.path, found.version, found.origin], [null, null, null])
      assert.match(textsOf(found.notices).join(), /Install ffmpeg or set FFMPEG_PATH/)
    }
  } finally {
    process.env['PATH'] = before
  }
})
