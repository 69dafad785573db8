import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { buildPages, noBrowser } from './pages.ts'

const skip = noBrowser()
const FIRST_LOAD = 150_000
const PLAYER = 180_000

/** Files that a script or style brings along by itself: static imports, and what they import. */
function broughtBy(pages: string, files: readonly string[], known = new Set<string>()): ReadonlySet<string> {
  for (const file of files) {
    if (known.has(file)) continue
    known.add(file)
    if (!file.endsWith('.js')) continue
    const code = readFileSync(join(pages, file), 'utf8')
    const imported = [...code.matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']/g)].map(([, path]) =>
      join(dirname(file), path ?? ''),
    )
    broughtBy(pages, imported, known)
  }
  return known
}

const sizeOf = (pages: string, files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(pages, file)), { level: 9 }).byteLength, 0)

describe('size of the pages, compressed', { skip }, () => {
  let pages = ''
  let first: ReadonlySet<string> = new Set()
  before(async () => {
    pages = await buildPages()
    const html = readFileSync(join(pages, 'index.html'), 'utf8')
    const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '')
    assert.ok(named.some((path) => path.endsWith('.js')) && named.some((path) => path.endsWith('.css')))
    first = broughtBy(pages, ['index.html', ...named])
  })
  after(() => rmSync(pages, { recursive: true, force: true }))

  test(`the first load is at most ${FIRST_LOAD / 1000} kB`, () => {
    const bytes = sizeOf(pages, first)
    assert.ok(bytes <= FIRST_LOAD, `${bytes} bytes: ${[...first].join(' ')}`)
  })

  for (const engine of ['engine-hls', 'engine-ts', 'engine-native']) {
    test(`the player with ${engine} adds at most ${PLAYER / 1000} kB`, () => {
      const wanted = readdirSync(join(pages, 'assets'))
        .filter((name) => (name.startsWith('player-') || name.startsWith(`${engine}-`)) && /\.(js|css)$/.test(name))
        .map((name) => `assets/${name}`)
      assert.ok(wanted.some((name) => name.includes(engine)))
      const added = [...broughtBy(pages, wanted)].filter((file) => !first.has(file))
      const bytes = sizeOf(pages, added)
      assert.ok(bytes <= PLAYER, `${bytes} bytes: ${added.join(' ')}`)
    })
  }

  test('index.html holds no script or style of its own', () => {
    const html = readFileSync(join(pages, 'index.html'), 'utf8')
    assert.doesNotMatch(html, /<style|style=|<script(?![^>]*\bsrc=)|\son[a-z]+=/)
  })
})
