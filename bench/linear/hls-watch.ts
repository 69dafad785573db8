import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50

/** What a player of HLS saw of a channel. */
export type HlsSeen = {
  /** Tags that tell a player to start anew. */
  readonly discontinuities: number
  /** Media that was added between the first and the last new segment, and the time that passed between the two. */
  readonly mediaMs: number
  readonly wallMs: number
  readonly segments: number
}

/** Reads the playlists of a channel for so long, as a player does. */
export async function watchHls(url: string, ms: number): Promise<HlsSeen> {
  const first = await fetch(url)
  const variant = (await first.text()).split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
  const playlist = new URL(variant, first.url)
  const seen = new Set<string>()
  let discontinuities = 0
  let looks = 0
  let added: { readonly at: number; readonly mediaMs: number } | null = null
  let last = { at: 0, mediaMs: 0 }
  let mediaMs = 0
  const end = performance.now() + ms
  while (performance.now() < end) {
    const text = await (await fetch(playlist)).text()
    const at = performance.now()
    const lines = text.split('\n')
    let isNew = false
    for (const [index, line] of lines.entries()) {
      const [, seconds] = /^#EXTINF:([\d.]+)/.exec(line) ?? []
      const uri = lines.slice(index).find((next) => next !== '' && !next.startsWith('#'))
      if (seconds === undefined || uri === undefined || seen.has(uri)) continue
      seen.add(uri)
      isNew = true
      mediaMs += Number(seconds) * 1000
      const before = lines.slice(Math.max(0, index - 3), index)
      if (seen.size > 1 && before.includes('#EXT-X-DISCONTINUITY')) discontinuities += 1
    }
    looks += 1
    // When that came which is there at the first look is not known.
    if (isNew && added === null && looks > 1) added = { at, mediaMs }
    if (isNew) last = { at, mediaMs }
    await sleep(POLL_MS)
  }
  return {
    discontinuities,
    segments: seen.size,
    mediaMs: last.mediaMs - (added?.mediaMs ?? 0),
    wallMs: last.at - (added?.at ?? last.at),
  }
}
