import './ui.ts'
import { spawnSync } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './project.ts'

// `npm run build:binary [-- --target linux-arm64] [--outfile PATH]`: the whole program with its web interface as one executable file.

const TARGETS = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'darwin-arm64', 'windows-x64']

const { target, outfile } = parseArgs({ options: { target: { type: 'string' }, outfile: { type: 'string' } } }).values
if (target !== undefined && !TARGETS.includes(target)) {
  console.error(`Option --target is "${target}"; it should be one of ${TARGETS.join(', ')}`)
  process.exit(2)
}

const windows = target === undefined ? process.platform === 'win32' : target.startsWith('windows')
const file = outfile ?? (windows ? 'dist/downlink.exe' : 'dist/downlink')
// Removed first: a program that runs from the old file keeps it, and a failed build leaves none behind.
rmSync(resolve(ROOT, file), { force: true })
const { status, error } = spawnSync(
  join(ROOT, 'node_modules/bun/bin/bun.exe'),
  [
    'build',
    '--compile',
    // What is imported when it is needed stays in the file until then: 4 MiB less in a house at rest.
    '--splitting',
    '--format=esm',
    // Names stay and places are mapped back: a stack trace in a log can be read.
    '--minify-syntax',
    '--minify-whitespace',
    '--sourcemap=inline',
    // Without these the program would read .env and bunfig.toml of the folder that it is started in.
    '--no-compile-autoload-dotenv',
    '--no-compile-autoload-bunfig',
    ...(target === undefined ? [] : [`--target=bun-${target}`]),
    'runtime/bun.ts',
    'runtime/guide-thread.ts',
    '--outfile',
    file,
  ],
  { cwd: ROOT, stdio: ['ignore', 2, 2] },
)
if (error) throw error
// Bun has printed what is wrong.
if (status !== 0) process.exit(1)
// It is inside the program as well.
rmSync(resolve(ROOT, `${file}.map`), { force: true })
console.log(
  `${file}: ${(statSync(resolve(ROOT, file)).size / 1024 / 1024).toFixed(0)} MiB, ${target ?? 'this machine'}`,
)
