import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { HOUSE_NOTICES } from '../../core/notices/house.ts'
import { notice } from '../../core/notices/notice.ts'
import type { Notice } from '../../core/notices/notice.ts'

const run = promisify(execFile)
const PROBE_MS = 10_000
/** Older ones lack fixes that live streams need (`hls-ffmpeg.md` §10). */
const OLDEST_GOOD = [4, 4] as const
/** Builds of the day between releases count commits (`N-118193-g…`); 4.4 was made at about this one. */
const OLDEST_GOOD_COMMITS = 102_000

/** Where an FFmpeg was found. */
export type FfmpegOrigin = 'configured' | 'beside the program' | 'ffmpeg-static' | 'PATH' | '@ffmpeg-installer'

/** The FFmpeg of this house; `path` null: there is none, and everything that needs it says so. */
export type Ffmpeg = {
  readonly path: string | null
  readonly version: string | null
  readonly origin: FfmpegOrigin | null
  /** Encoders that it has, by FFmpeg's names. */
  readonly encoders: ReadonlySet<string>
  /** What the owner should know; empty: all is well. */
  readonly notices: readonly Notice[]
}

type Candidate = { readonly origin: FfmpegOrigin; readonly path: () => Promise<string | null> }

/** The path that a package of npm names, if it is installed here. Its shape is not ours, so it is read carefully. */
async function packagedPath(name: string): Promise<string | null> {
  try {
    const loaded: unknown = await import(name)
    const exported = (loaded as { default?: unknown }).default
    const path = typeof exported === 'string' ? exported : (exported as { path?: unknown } | undefined)?.path
    return typeof path === 'string' ? path : null
  } catch {
    // Not installed, or not for this platform: the next candidate is asked.
    return null
  }
}

const CANDIDATES: readonly Candidate[] = [
  {
    origin: 'beside the program',
    path: async () => join(dirname(process.execPath), process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg'),
  },
  // Names in variables: a bundler must leave these optional packages alone.
  { origin: 'ffmpeg-static', path: () => packagedPath(['ffmpeg', 'static'].join('-')) },
  { origin: 'PATH', path: async () => 'ffmpeg' },
  { origin: '@ffmpeg-installer', path: () => packagedPath(['@ffmpeg-installer', 'ffmpeg'].join('/')) },
]

async function probe(path: string): Promise<{ version: string; encoders: Set<string> } | null> {
  try {
    if (path.includes('/') || path.includes('\\')) await access(path, constants.X_OK)
    const options = { timeout: PROBE_MS, maxBuffer: 4 * 1024 * 1024, windowsHide: true }
    const [about, list] = await Promise.all([
      run(path, ['-version'], options),
      run(path, ['-hide_banner', '-encoders'], options),
    ])
    const version = /^ffmpeg version (\S+)/.exec(about.stdout)?.[1]
    if (version === undefined) return null
    const encoders = [...list.stdout.matchAll(/^ [VAS][F.][S.][X.][B.][D.] ([^=\s]\S*)/gm)].map(
      ([, name]) => name ?? '',
    )
    return { version, encoders: new Set(encoders) }
  } catch {
    return null
  }
}

function noticesOf(version: string, encoders: ReadonlySet<string>, origin: FfmpegOrigin): Notice[] {
  const notices: Notice[] = []
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? []
  const [, commits] = /^N-(\d+)/.exec(version) ?? []
  const isOld =
    major === undefined
      ? commits !== undefined && Number(commits) < OLDEST_GOOD_COMMITS
      : (Number(major) - OLDEST_GOOD[0] || Number(minor) - OLDEST_GOOD[1]) < 0
  if (isOld) notices.push(notice(HOUSE_NOTICES, 'ffmpeg/old', { version, origin, wanted: OLDEST_GOOD.join('.') }))
  if (!encoders.has('aac')) notices.push(notice(HOUSE_NOTICES, 'ffmpeg/no-aac', { version, origin }))
  return notices
}

/**
 * Finds FFmpeg once: as configured, beside the program, in `ffmpeg-static`, on the `PATH`, in `@ffmpeg-installer`.
 *
 * Fails with `config/invalid` if the configured one does not run. Without any the house runs: channels are passed on with
 * their own sound, and the notices say what to install.
 */
export async function resolveFfmpeg({
  configured,
  log,
}: {
  readonly configured: string | null
  readonly log: Log
}): Promise<Ffmpeg> {
  if (configured !== null) {
    const found = await probe(configured)
    if (found === null)
      throw new Failure(
        'config/invalid',
        `ffmpeg.path: "${configured}" does not run as FFmpeg; it should be the path of an ffmpeg program`,
      )
    return describe(configured, 'configured', found, log)
  }
  for (const { origin, path: locate } of CANDIDATES) {
    const path = await locate()
    const found = path === null ? null : await probe(path)
    if (path !== null && found !== null) return describe(path, origin, found, log)
  }
  const notices = [notice(HOUSE_NOTICES, 'ffmpeg/none', {})]
  return { path: null, version: null, origin: null, encoders: new Set(), notices }
}

function describe(
  path: string,
  origin: FfmpegOrigin,
  { version, encoders }: { version: string; encoders: Set<string> },
  log: Log,
): Ffmpeg {
  log('info', 'ffmpeg-found', { path, version, origin })
  return { path, version, origin, encoders, notices: noticesOf(version, encoders, origin) }
}
