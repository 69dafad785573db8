import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROBE_MS = 10_000

/** What an FFmpeg can do beyond encoding that items are made better with. */
export type ItemTools = {
  readonly filters: ReadonlySet<string>
  /** Its AC-3 decoder mixes down by itself, so that a change from 5.1 to stereo within a file goes unnoticed (≥ 5.1). */
  readonly hasDownmix: boolean
  /** It can drop the priming frame of AAC (≥ 5.1). Otherwise the joiner gets one frame before the start of each piece. */
  readonly hasPacketDrop: boolean
}

/** Filters without which no item can be made. */
const NEEDED = ['scale', 'pad', 'fps', 'tpad', 'trim', 'atrim', 'aresample', 'aformat', 'apad', 'setparams', 'setsar']
/** What is missing without the others. */
const WISHED: Readonly<Record<string, string>> = {
  bwdif: 'interlaced films are deinterlaced in a simpler way',
  zscale: 'HDR films look pale',
  tonemap: 'HDR films look pale',
  subtitles: 'subtitles cannot be drawn into the picture',
  overlay: 'logo and text crawl are not shown',
  alimiter: 'programmes are made louder only as far as their peaks allow',
}

/** Asks an FFmpeg once what it has. Fails if it does not run; the filters are empty if it cannot tell them. */
export async function probeItemTools(path: string, signal?: AbortSignal): Promise<ItemTools> {
  const options = { timeout: PROBE_MS, maxBuffer: 4 * 1024 * 1024, windowsHide: true, ...(signal && { signal }) }
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await run(path, ['-hide_banner', ...args], options)).stdout
  const [filters, decoder, packets] = await Promise.all([
    ask('-filters'),
    ask('-h', 'decoder=ac3'),
    ask('-h', 'bsf=noise'),
  ])
  return {
    filters: new Set([...filters.matchAll(/^ [T.][S.][C.]?\s+(\w+)\s+\S+->\S+/gm)].map(([, name]) => name ?? '')),
    hasDownmix: /^\s+-downmix\b/m.test(decoder),
    hasPacketDrop: /^\s+-drop\b/m.test(packets),
  }
}

/** What the owner should know of this FFmpeg; empty: channels can have everything. */
export function toolNotices({ filters, hasPacketDrop }: ItemTools): readonly string[] {
  const missing = NEEDED.filter((name) => !filters.has(name))
  if (missing.length > 0)
    return [`FFmpeg lacks the filters ${missing.join(', ')}: linear channels show only slates. Install 5.1 or newer`]
  const lacks = new Map<string, string[]>()
  for (const [name, effect] of Object.entries(WISHED))
    if (!filters.has(name)) lacks.set(effect, [...(lacks.get(effect) ?? []), name])
  const notices = [...lacks].map(([effect, names]) => `FFmpeg lacks ${names.join(' and ')}: ${effect}`)
  if (!hasPacketDrop) notices.push('FFmpeg is older than 5.1: programmes of linear channels may click where they meet')
  return notices
}
