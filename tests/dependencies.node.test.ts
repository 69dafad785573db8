import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as v from 'valibot'

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))

const texts = v.optional(v.record(v.string(), v.string()), {})
const own = v.parse(
  v.object({
    dependencies: texts,
    devDependencies: texts,
    optionalDependencies: texts,
    allowScripts: v.record(v.string(), v.boolean()),
  }),
  read('package.json'),
)
const Locked = v.object({
  version: v.string(),
  integrity: v.optional(v.string()),
  resolved: v.optional(v.string()),
  license: v.optional(v.string()),
  hasInstallScript: v.optional(v.boolean(), false),
})
const lock = v.parse(v.object({ packages: v.record(v.string(), v.unknown()) }), read('package-lock.json'))
const locked = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ name: path.replace(/^.*node_modules\//, ''), ...v.parse(Locked, entry) }))

/** Licences of what may be part of the program; MPL-2.0 unmodified. */
const FREE = new Set([
  'MIT',
  'MIT-0',
  '(MIT OR CC0-1.0)',
  'ISC',
  '0BSD',
  'Unlicense',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'CC0-1.0',
  'MPL-2.0',
])
/** Programs that run as processes of their own, tools of the build that are in nothing we give out, and one that names its licence (MIT) in its text only. */
const APART = /^(ffmpeg-static|@ffmpeg-installer\/[\w-]+|@img\/sharp-[\w-]+|caniuse-lite|parse-cache-control)$/

test('package.json pins every dependency to one version', () => {
  for (const group of [own.dependencies, own.devDependencies, own.optionalDependencies])
    for (const [name, version] of Object.entries(group)) assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
})

test('package-lock.json knows what is in every package, and none comes past the registry', () => {
  assert.ok(locked.length > 100, 'the lock file was not read')
  for (const { name, integrity, resolved = '' } of locked) {
    assert.match(integrity ?? '', /^sha512-/, name)
    assert.ok(!/^(git|http:|file:)/.test(resolved), `${name} comes from ${resolved}`)
  }
})

test('only packages that were looked at run scripts when they are installed', () => {
  for (const { name, hasInstallScript } of locked) {
    // The same package for other machines is never installed here, and its kind was looked at.
    const kind = name.replace(/^(@ffmpeg-installer)\/.*$/, '$1/linux-x64')
    if (hasInstallScript) assert.equal(own.allowScripts[kind], true, name)
  }
})

test('every package has a licence that allows what we do with it', () => {
  for (const { name, license = '' } of locked) assert.ok(FREE.has(license) || APART.test(name), `${name}: ${license}`)
})
