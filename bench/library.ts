import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary } from '../adapters/library/open-library.ts'
import type { MediaProbe } from '../adapters/library/probe/media-probe.ts'
import { systemTimers } from '../core/live/timers.ts'
import { watchLoop } from './measure.ts'
import type { Figure } from './measure.ts'

const SERIES = 100
const SEASONS = 5
const EPISODES = 20
const FILES = SERIES * SEASONS * EPISODES

/** Tells the same of every file, at once: what is measured is all but FFmpeg. */
const PROBE: MediaProbe = {
  probe: async () => ({
    kind: 'facts',
    hasCover: false,
    facts: { durationMs: 1_500_000, container: 'matroska,webm', video: null, audio: [], subtitles: [], chaptersMs: [] },
  }),
}

function makeFolder(root: string): void {
  for (let series = 0; series < SERIES; series++)
    for (let season = 1; season <= SEASONS; season++) {
      const folder = join(root, `Show ${series}`, `Season ${season}`)
      mkdirSync(folder, { recursive: true })
      for (let episode = 1; episode <= EPISODES; episode++)
        writeFileSync(join(folder, `Show ${series} - S${season}E${episode} - Title.mkv`), String(episode))
    }
}

/** Scans of a folder of 10,000 files with names only, and what it costs to find something among them. */
export async function libraryFigures(): Promise<Figure[]> {
  const base = mkdtempSync(join(tmpdir(), 'downlink-bench-library-'))
  const root = join(base, 'media')
  makeFolder(root)
  await using library = openLibrary({
    id: 'bench',
    path: root,
    dataDir: base,
    ffmpeg: null,
    now: Date.now,
    timers: systemTimers,
    log: () => {},
    isFollowing: false,
    settleMs: 0,
    probe: PROBE,
  })
  const timed = async (name: string, aim: string, method: string, work: () => unknown): Promise<Figure> => {
    const heldUp = watchLoop()
    const start = performance.now()
    await work()
    const value = performance.now() - start
    return {
      name,
      value,
      unit: 'ms',
      aim,
      method: `${method}; others waited ${(await heldUp()).toFixed(0)} ms at most`,
    }
  }
  const scan = () => library.scan({ signal: new AbortController().signal })
  try {
    return [
      await timed('library: first scan', '≤ 20000', `${FILES} files, without FFmpeg`, scan),
      await timed('library: scan without changes', '≤ 1000', `${FILES} files`, scan),
      await timed('library: a page of a filter', '≤ 100', `words among ${FILES} items, 50 shown`, () =>
        library.items({ filter: { words: 'show 7 title', kinds: ['episode'] }, offset: 100, limit: 50 }),
      ),
      await timed('library: everything', '≤ 1000', `${FILES} items, for a catalogue`, () =>
        library.items({ filter: { state: 'playable' }, offset: 0, limit: Infinity }),
      ),
    ]
  } finally {
    rmSync(root, { recursive: true, force: true })
    process.on('exit', () => rmSync(base, { recursive: true, force: true }))
  }
}
