import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import { canonicalServiceRef } from '../../../core/lineup/service-reference.ts'
import type { Log } from '../../../core/log.ts'
import { UNKNOWN_FACTS } from './facts.ts'
import type { ReceiverFacts, Tuner } from './facts.ts'
import type { WebClient } from './web-client.ts'
import type { Priority } from './request-queue.ts'
import { xmlText } from './xml.ts'

const text = v.fallback(v.nullable(v.pipe(v.union([v.string(), v.number()]), v.transform(String))), null)
const tunerSchema = v.object({ name: text, type: text, rec: text, live: text, stream: text })
const aboutSchema = v.object({
  info: v.object({
    brand: text,
    model: text,
    webifver: text,
    imagedistro: text,
    tuners: v.fallback(v.nullable(v.array(v.unknown())), null),
    streams: v.fallback(v.array(v.unknown()), []),
  }),
  service: v.fallback(v.object({ ref: text }), { ref: null }),
})
const settingsSchema = v.object({ settings: v.array(v.unknown()) })
const pairSchema = v.tuple([
  v.string(),
  v.union([v.string(), v.pipe(v.number(), v.transform(String)), v.pipe(v.boolean(), v.transform(String))]),
])

/** What `about` says: the part of the facts that changes while the box runs. */
export type About = Pick<
  ReceiverFacts,
  'dialect' | 'model' | 'image' | 'webVersion' | 'tuners' | 'isFbc' | 'streamClients'
> & {
  /** Reference of what the family watches, as the box spells it; null: nothing, or not told. */
  readonly liveRef: string | null
}

/**
 * Asks a receiver what it is: `about`, then `settings`. Touches no stream port, where a question would take a tuner.
 *
 * `about` must answer; without `settings` the ports stay unknown. Fails with `source/*`.
 */
export async function discover(
  client: WebClient,
  options: { readonly log: Log; readonly signal: AbortSignal },
): Promise<ReceiverFacts> {
  const { liveRef: _, ...about } = await readAbout(client, { priority: 'ui', signal: options.signal })
  return { ...UNKNOWN_FACTS, ...about, ...(await readSettings(client, about.dialect, options)) }
}

/** Asks `about` alone, in whichever dialect the box speaks. */
export async function readAbout(
  client: WebClient,
  request: { readonly priority: Priority; readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<About> {
  let json: unknown
  try {
    json = await client.json({ path: 'api/about', ...request })
  } catch (error) {
    if (!isMissing(error)) throw error
    const xml = await client.text({ path: 'web/about', ...request })
    if (!/<e2abouts?>/.test(xml))
      throw new Failure('source/bad-answer', 'The address is not the web interface of a receiver', {}, error)
    return {
      dialect: 'xml',
      model: xmlText(xml, 'e2model'),
      image: xmlText(xml, 'e2distroversion') ?? xmlText(xml, 'e2imageversion'),
      webVersion: xmlText(xml, 'e2webifversion'),
      tuners: null,
      isFbc: false,
      streamClients: 0,
      liveRef: null,
    }
  }
  const parsed = v.safeParse(aboutSchema, json)
  if (!parsed.success)
    throw new Failure(
      'source/bad-answer',
      'The receiver describes itself in an unknown way',
      {},
      new v.ValiError(parsed.issues),
    )
  const { info, service } = parsed.output
  return {
    dialect: 'json',
    model: [info.brand, info.model].filter((word) => word !== null && word !== '').join(' ') || null,
    image: info.imagedistro,
    webVersion: info.webifver,
    tuners: info.tuners?.flatMap(readTuner) ?? null,
    isFbc: info.tuners?.some((tuner) => /\bFBC\b/i.test(v.is(tunerSchema, tuner) ? String(tuner.type) : '')) ?? false,
    streamClients: info.streams.length,
    liveRef: service.ref === '' ? null : service.ref,
  }
}

/** Whether a call is not there at all, as JSON calls are not on old boxes. */
export const isMissing = (error: unknown): boolean => error instanceof Failure && error.facts['status'] === 404

const isUsed = (use: string | null): boolean => use !== null && use.trim() !== ''

/** A tuner that receives broadcasts; pseudo tuners for streams are none. */
function readTuner(entry: unknown): readonly Tuner[] {
  const parsed = v.safeParse(tunerSchema, entry)
  if (!parsed.success) return []
  const { name, type, live, rec, stream } = parsed.output
  if (/\b(IPTV|RTSP|stream|virtual|not (configured|connected))\b/i.test(type ?? '')) return []
  return [
    { name: name ?? '', type: type ?? '', use: { live: isUsed(live), recording: isUsed(rec), stream: isUsed(stream) } },
  ]
}

type SettingFacts = Pick<ReceiverFacts, 'streamPort' | 'relayPort' | 'relayed' | 'zapsOnStream' | 'timeZone'>

/** Picks the settings that matter here; all others, passwords among them, are let go at once. */
async function readSettings(
  client: WebClient,
  dialect: ReceiverFacts['dialect'],
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<Partial<SettingFacts>> {
  if (dialect === 'xml') return {}
  let json: unknown
  try {
    json = await client.json({ path: 'api/settings', priority: 'ui', signal })
  } catch (error) {
    if (signal.aborted) throw error
    log('info', 'receiver-settings-unknown', { code: error instanceof Failure ? error.code : 'http/bug' })
    return {} // the ports are in the URLs that the box gives out, and 8001 is nearly always right
  }
  const parsed = v.safeParse(settingsSchema, json)
  const values = new Map<string, string>()
  for (const entry of parsed.success ? parsed.output.settings : []) {
    const pair = v.safeParse(pairSchema, entry)
    if (pair.success && WANTED.test(pair.output[0])) values.set(pair.output[0].replace(/^config\./, ''), pair.output[1])
  }
  const relayed = (values.get('misc.whitelist_streamrelay') ?? values.get('whitelist_streamrelay') ?? '')
    .split(',')
    .flatMap((ref) => canonicalServiceRef(ref) ?? [])
  return {
    streamPort: readPort(values.get('OpenWebif.streamport')),
    relayPort: readPort(values.get('misc.softcam_streamrelay_port')),
    relayed: new Set(relayed),
    timeZone: readZone(values),
    zapsOnStream: [...values].some(([name, value]) => name.endsWith('zapstream') && /^true$/i.test(value)),
  }
}

// Nothing else of the settings is looked at.
const WANTED =
  /^(config\.OpenWebif\.streamport|config\.OpenWebif\.(webcache\.)?zapstream|config\.misc\.softcam_streamrelay_port|config\.timezone\.(area|val)|(config\.misc\.)?whitelist_streamrelay)$/

function readPort(value: string | undefined): number | null {
  const port = Number(value)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}

/** `Europe` and `Vienna`; null where one is missing, as it is while it has the image's own default. */
function readZone(values: ReadonlyMap<string, string>): string | null {
  const [area, place] = [values.get('timezone.area'), values.get('timezone.val')]
  return area === undefined || place === undefined ? null : `${area}/${place}`
}
