import * as v from 'valibot'
import type { FoundSource } from '../../core/lineup/source-search.ts'
import type { Door } from './open-doors.ts'

/** A box that draws menus answers slowly, once. */
const ANSWER_MS = 3000
/** What is asked for is a few kilobytes; anything longer is something else. */
const MOST_BYTES = 64 * 1024

const text = v.fallback(v.nullable(v.string()), null)
const Tuner = v.object({
  DeviceID: v.string(),
  FriendlyName: text,
  ModelNumber: text,
  TunerCount: v.fallback(v.nullable(v.number()), null),
})
const About = v.object({
  info: v.object({
    brand: text,
    model: text,
    boxtype: text,
    tuners: v.fallback(v.nullable(v.array(v.unknown())), null),
  }),
})

/**
 * What stands behind an open door: a tuner that speaks as HDHomeRun does, a receiver with Enigma2, or (null) neither.
 * Two questions at most, one after the other; follows no redirect and sends nothing of ours.
 */
export async function whoIsThere(door: Door, signal: AbortSignal): Promise<FoundSource | null> {
  const base = `http://${door.host}${door.port === 80 ? '' : `:${door.port}`}`
  const host = base.slice('http://'.length)
  const tuner = await ask(`${base}/discover.json`, signal)
  const tunerFacts = v.safeParse(Tuner, tuner.json)
  if (tunerFacts.success) {
    const { FriendlyName, ModelNumber, TunerCount, DeviceID } = tunerFacts.output
    const name = FriendlyName ?? ModelNumber ?? DeviceID
    return { kind: 'hdhomerun', name, model: ModelNumber, host, needsLogin: false, tuners: TunerCount }
  }
  const about = tuner.isLogin ? tuner : await ask(`${base}/api/about`, signal)
  // OpenWebif and its elders say who they are in the realm, before anybody has signed in.
  if (about.isLogin && /openwebif|dreambox|enigma|vu\+?|webif/i.test(about.realm))
    return { kind: 'enigma2', name: about.realm, model: null, host, needsLogin: true, tuners: null }
  const facts = v.safeParse(About, about.json)
  if (facts.success) {
    const { brand, model, boxtype, tuners } = facts.output.info
    const name = [brand, model ?? boxtype].filter((part) => part !== null).join(' ') || 'Enigma2'
    return { kind: 'enigma2', name, model: model ?? boxtype, host, needsLogin: false, tuners: tuners?.length ?? null }
  }
  return null
}

type Answer = { readonly json: unknown; readonly isLogin: boolean; readonly realm: string }
const NOTHING: Answer = { json: null, isLogin: false, realm: '' }

async function ask(url: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    })
    const realm = /realm="?([^",]{1,60})/i.exec(response.headers.get('www-authenticate') ?? '')?.[1] ?? ''
    if (response.status !== 200) {
      await response.body?.cancel()
      return { ...NOTHING, isLogin: response.status === 401, realm }
    }
    return { ...NOTHING, json: JSON.parse(await readSome(response)) }
  } catch (error) {
    if (signal.aborted) throw error
    return NOTHING // no HTTP, no JSON, too slow: not what we look for
  }
}

async function readSome(response: Response): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let read = ''
  for await (const part of response.body) {
    read += decoder.decode(part, { stream: true })
    if (read.length > MOST_BYTES) throw new RangeError('The answer is too long')
  }
  return read
}
