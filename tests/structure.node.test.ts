import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exportsOf, importsOf, resolveImport } from './runner/module-graph.ts'
import { filesIn, ROOT } from './runner/source-files.ts'

// The rules of the house that no compiler knows (docs/architecture.md). Each test lists what breaks its rule.

/** Which floors a floor may stand on: runtime → adapters, handlers → core ← ui. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  handlers: ['handlers', 'core'],
  adapters: ['adapters', 'core'],
  ui: ['ui', 'core'],
  runtime: ['runtime', 'adapters', 'handlers', 'core', 'package.json'],
}

/** The demo brings its own television: receiver and providers that the tests use. Nothing else that runs knows the tests. */
const isDemo = (from: string, to: string): boolean =>
  from === 'runtime/commands/demo.ts' && /^tests\/fakes\/(receiver|providers|films)\/index\.ts$/.test(to)

/** Rooms of the core, lower ones first; a room may use only rooms below its own. */
const CORE_RANKS: Readonly<Record<string, number>> = {
  lineup: 1,
  access: 1,
  guide: 2,
  library: 2,
  live: 2,
  linear: 3,
  hdhr: 3,
  history: 3,
  alerts: 4,
  snapshots: 3,
  sites: 3,
  config: 4,
}

/** Files that a host makes export a default. */
const HOST_DEMANDS_DEFAULT = new Set(['ui/vite.config.ts', 'runtime/worker.ts', 'runtime/deploy.ts'])

const isSource = (path: string): boolean => /\.tsx?$/.test(path) && !path.endsWith('.gen.ts')
const product = Object.keys(MAY_IMPORT).flatMap(filesIn).filter(isSource)
// Fixtures may be MPEG-TS, which has the same ending.
const others = ['tests', 'bench']
  .flatMap(filesIn)
  .filter((path) => isSource(path) && !path.startsWith('tests/fixtures/'))
const sources = [...product, ...others]

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, Record<string, string>>
const imports = new Map(sources.map((path) => [path, importsOf(path)]))
const floor = (path: string): string => path.split('/')[0] ?? ''
const room = (path: string): string => /^core\/([^/]+?)(?:\.ts|\/.*)$/.exec(path)?.[1] ?? ''
const rank = (path: string): number => CORE_RANKS[room(path)] ?? 0

/** Every relative import in `files` as a pair of paths. */
const edges = (files: readonly string[]): [from: string, to: string][] =>
  files.flatMap((path) =>
    (imports.get(path) ?? []).flatMap(({ from }): [string, string][] => {
      const target = resolveImport(path, from)
      return target === null ? [] : [[path, target]]
    }),
  )

/** Package names that `files` import while running (types are gone by then). */
const packages = (files: readonly string[]): [from: string, name: string][] =>
  files.flatMap((path) =>
    (imports.get(path) ?? [])
      .filter(({ from, typeOnly }) => !typeOnly && !from.startsWith('.') && !from.startsWith('node:'))
      .map(({ from }): [string, string] => [
        path,
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      ]),
  )

const arrow = ([from, to]: readonly [string, string]): string => `${from} → ${to}`

test('imports go from runtime to adapters and handlers, and from all to the core', () => {
  assert.deepEqual(
    edges(product)
      .filter(([from, to]) => !MAY_IMPORT[floor(from)]?.includes(floor(to)) && !isDemo(from, to))
      .map(arrow),
    [],
  )
})

test('inside the core a room uses only rooms below it', () => {
  const wrong = edges(product).filter(
    ([from, to]) =>
      floor(from) === 'core' &&
      floor(to) === 'core' &&
      room(from) !== room(to) &&
      rank(to) > 0 &&
      rank(to) >= rank(from),
  )
  assert.deepEqual(wrong.map(arrow), [])
})

test('the configuration is read by runtime and adapters only', () => {
  const wrong = edges(product).filter(
    ([from, to]) => room(to) === 'config' && room(from) !== 'config' && !/^(runtime|adapters)$/.test(floor(from)),
  )
  assert.deepEqual(wrong.map(arrow), [])
})

test('no file imports itself by way of others', () => {
  const next = Map.groupBy(edges(sources), ([from]) => from)
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    else if (!done.has(path)) {
      for (const [, to] of next.get(path) ?? []) visit(to, [...trail, path])
      done.add(path)
    }
  }
  for (const path of sources) visit(path, [])
  assert.deepEqual(circles, [])
})

test('core and handlers know no runtime', () => {
  const wrong = product
    .filter((path) => /^(core|handlers)\//.test(path))
    .flatMap((path) =>
      (imports.get(path) ?? [])
        .filter(({ from }) => /^(node:|bun:|bun$|cloudflare:)/.test(from))
        .map(({ from }) => arrow([path, from])),
    )
  assert.deepEqual(wrong, [])
})

test('relative imports name an existing file, with its ending', () => {
  assert.deepEqual(
    edges(sources)
      .filter(([, to]) => !/\.\w+$/.test(to) || !existsSync(join(ROOT, to)))
      .map(arrow),
    [],
  )
})

test('built-in modules are imported as node:x', () => {
  const builtIn =
    /^(assert|child_process|crypto|dgram|events|fs|http|https|net|os|path|process|stream|test|timers|url|util|worker_threads|zlib)(\/|$)/
  const wrong = sources.flatMap((path) =>
    (imports.get(path) ?? []).filter(({ from }) => builtIn.test(from)).map(({ from }) => arrow([path, from])),
  )
  assert.deepEqual(wrong, [])
})

test('what runs is a dependency; development packages stay in builds, pages and tests', () => {
  const shipped = new Set(Object.keys({ ...manifest['dependencies'], ...manifest['optionalDependencies'] }))
  const running = product.filter((path) => !/^(ui|runtime\/build)\//.test(path))
  assert.deepEqual(
    packages(running)
      .filter(([, name]) => !shipped.has(name))
      .map(arrow),
    [],
  )
})

test('exports have names', () => {
  const wrong = sources.filter(
    (path) => !HOST_DEMANDS_DEFAULT.has(path) && exportsOf(path).some(({ name }) => name === 'default'),
  )
  assert.deepEqual(wrong, [])
})

test('every export has a doc comment', () => {
  const wrong = sources
    .filter((path) => !HOST_DEMANDS_DEFAULT.has(path))
    .flatMap((path) =>
      exportsOf(path)
        .filter(({ documented }) => !documented)
        .map(({ name }) => `${path}: ${name}`),
    )
  assert.deepEqual(wrong, [])
})

test('files are named in kebab case after the idea inside', () => {
  const wrong = sources.filter((path) => {
    const name = path.split('/').at(-1) ?? ''
    return (
      !/^[a-z0-9]+(-[a-z0-9]+)*(\.(all|node|deno|gen|test|client|config|d))*\.tsx?$/.test(name) ||
      /(^|-)(utils?|helpers?|managers?)[.-]/.test(name)
    )
  })
  assert.deepEqual(wrong, [])
})

test('package versions are pinned exactly', () => {
  const all = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}),
  )
  assert.deepEqual(
    all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
  )
})

test('the lock file knows the packages of every platform', () => {
  // Without them `npm ci` refuses to run. It happens when a version is so new that the registry lacks some of its parts.
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) => !(`${path}/node_modules/${name}` in lock.packages) && !(`node_modules/${name}` in lock.packages),
      )
      .map((name) => arrow([path, name])),
  )
  assert.deepEqual(missing, [])
})

test('no file names a package registry or a folder of the machine that it was written on', () => {
  const skipped = new Set(['.git', '.cache', 'node_modules', 'dist', 'data'])
  const files = readdirSync(ROOT, { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(entry.name) : [entry.name]))
    .filter(
      (path) =>
        /\.(ts|tsx|js|json|md|ya?ml|toml|html|css|svg|sh|service|txt)$|(^|\/)[^.]+$|^\.[^/]+$/.test(path) &&
        !path.startsWith('tests/fixtures/'),
    )
  // `\b` and `\/` keep this line from naming them itself.
  const forbidden =
    /\bregistry\.npmjs\b|\bregistry\.yarnpkg\b|\bpypi\.org\b|\bproxy\.golang\b|\bdeb\.debian\b|(?<![\w.])\/work\/(main|shared|\.)/
  assert.deepEqual(
    files.filter((path) => forbidden.test(readFileSync(join(ROOT, path), 'utf8'))),
    [],
  )
})
