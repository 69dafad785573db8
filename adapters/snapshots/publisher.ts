import * as v from 'valibot'
import { asFailure, Failure, isFailureCode } from '../../core/errors.ts'
import type { Timers } from '../../core/live/timers.ts'
import type { Log } from '../../core/log.ts'
import { parseContentName } from '../../core/snapshots/content.ts'
import type { ContentName } from '../../core/snapshots/content.ts'
import type { Publication, Published } from '../../core/snapshots/publication.ts'
import type { PublisherKey } from '../../core/snapshots/publisher-key.ts'
import { PROOF_HEADER, signContent } from '../../core/snapshots/signed-manifest.ts'

/** What a front has of us. `problem` null: nothing is wrong. */
export type FrontState = {
  /** Base URL of the front. */
  readonly url: string
  /** Epoch milliseconds at which it had all of it last; null: not yet. */
  readonly publishedAt: number | null
  readonly problem: Failure | null
}

/** Sends what the house publishes to its fronts, whenever it changes. Disposing ends what is under way. */
export interface Publisher extends AsyncDisposable {
  /** Begins; the fronts hear of the house as soon as it has something to tell. */
  start(): void
  fronts(): readonly FrontState[]
}

/** What publishing to fronts needs. */
export type PublisherParts = {
  /** Base URLs without a slash at the end. */
  readonly fronts: readonly string[]
  readonly publication: Publication
  readonly key: PublisherKey
  /** Whether the house has something to tell: before the sources answered it would publish an empty line-up. */
  readonly ready: () => boolean
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timers: Timers
  readonly now: () => number
  readonly log: Log
}

/** How often it is looked whether something has changed; what changes again within that time is waited for. */
const LOOK_EVERY_MS = 5_000
/** What goes on changing is published nevertheless. */
const MOST_WAIT_MS = 30_000
/** A guide changes all the time, and stores of platforms count what is written. */
const GUIDE_EVERY_MS = 10 * 60_000
/** A front that has lost its store is given everything again, without being asked. */
const REPEAT_MS = 10 * 60_000
const RETRY_MS = [5_000, 15_000, 60_000, 300_000, 900_000]
const ANSWER_WITHIN_MS = 60_000
const UPLOADS_AT_ONCE = 3
const ROUNDS = 4
const MOST_ANSWER_BYTES = 128 * 1024

const Answer = v.object({ missing: v.array(v.string()) })
const Outdated = v.object({ sequence: v.pipe(v.number(), v.safeInteger()) })

type Front = {
  readonly url: string
  publishedAt: number | null
  problem: Failure | null
  /** What it has, as `Published.parts`. */
  has: string | null
  failures: number
  notBefore: number
  sending: Promise<void> | null
}

/** The publisher; nothing happens before `start()`. */
export function createPublisher(parts: PublisherParts): Publisher {
  const { publication, key, now, log } = parts
  const stopping = new AbortController()
  const fronts = parts.fronts.map((url): Front => ({
    url,
    publishedAt: null,
    problem: null,
    has: null,
    failures: 0,
    notBefore: 0,
    sending: null,
  }))
  let timer: unknown = null
  let looking: Promise<void> | null = null
  let published: Published | null = null
  let publishedVersions: ReadonlyMap<string, string> = new Map()
  let guideAt = Number.NEGATIVE_INFINITY
  let seen = ''
  let changedAt: number | null = null

  /** Whether it is time to publish what has changed. */
  const isDue = (versions: ReadonlyMap<string, string>): boolean => {
    const changed = [...versions].flatMap(([name, version]) => (publishedVersions.get(name) === version ? [] : [name]))
    if (changed.length === 0) {
      changedAt = null
      return false
    }
    if (published === null) return true
    if (changed.every((name) => name === 'guide') && now() - guideAt < GUIDE_EVERY_MS) return false
    changedAt ??= now()
    const text = JSON.stringify([...versions].filter(([name]) => name !== 'guide'))
    const isQuiet = text === seen
    seen = text
    return isQuiet || now() - changedAt >= MOST_WAIT_MS
  }

  const look = async (): Promise<void> => {
    if (!parts.ready()) return
    const versions = await publication.versions()
    if (isDue(versions)) {
      published = await publication.refresh(stopping.signal)
      publishedVersions = versions
      guideAt = now()
      changedAt = null
    }
    if (published === null) return
    const { parts: wanted } = published
    for (const front of fronts) {
      const isOld = front.has !== wanted || now() - (front.publishedAt ?? 0) >= REPEAT_MS
      if (front.sending !== null || !isOld || now() < front.notBefore) continue
      front.sending = bring(front).finally(() => {
        front.sending = null
      })
    }
  }

  const bring = async (front: Front): Promise<void> => {
    try {
      const { sent, contents } = await send(front.url)
      if (front.has !== sent) log('info', 'published', { host: new URL(front.url).host, contents })
      Object.assign(front, { has: sent, publishedAt: now(), problem: null, failures: 0, notBefore: 0 })
    } catch (error) {
      if (stopping.signal.aborted) return
      const failure = asFailure(error, 'publish/no-front', 'The front does not answer')
      const waitMs = RETRY_MS[Math.min(front.failures, RETRY_MS.length - 1)] ?? 0
      if (front.problem?.code !== failure.code)
        log('warn', 'publish-failed', { host: new URL(front.url).host, code: failure.code, detail: failure.message })
      Object.assign(front, { problem: failure, failures: front.failures + 1, notBefore: now() + waitMs })
    }
  }

  /** Gives what was sent, and how many contents the front did not have. */
  const send = async (url: string): Promise<{ readonly sent: string; readonly contents: number }> => {
    let contents = 0
    for (let round = 0; round < ROUNDS; round++) {
      const current = published ?? (await publication.refresh(stopping.signal))
      const response = await put(`${url}/publish/${publication.site}`, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(current.signed),
      })
      const answer = await readAnswer(response)
      if (response.status === 200) {
        const missing = v.parse(Answer, answer).missing.map(parseContentName)
        if (missing.length === 0) return { sent: current.parts, contents }
        contents += missing.length
        await upload(url, missing)
        continue
      }
      const code = codeOf(response, answer)
      if (code === 'publish/outdated') published = await publication.renew(v.parse(Outdated, answer).sequence)
      else if (code === 'publish/clock' && round === 0) published = await publication.renew(0)
      else throw refusal(response, code)
    }
    throw new Failure('publish/outdated', `The front still wants something else after ${ROUNDS} tries`)
  }

  const upload = async (url: string, names: readonly (ContentName | null)[]): Promise<void> => {
    const queue = names.filter((name) => name !== null)
    const work = async (): Promise<void> => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const bytes = await publication.content(name)
        if (bytes === null) continue // a newer manifest has replaced it: the next round asks for others
        const proof = await signContent(key, { site: publication.site, name, time: now() })
        const response = await put(`${url}/publish/${publication.site}/content/${name}`, {
          headers: { 'content-type': 'application/octet-stream', [PROOF_HEADER]: proof },
          body: bytes,
        })
        const answer = await readAnswer(response)
        if (response.status !== 204) throw refusal(response, codeOf(response, answer))
      }
    }
    await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, work))
  }

  const put = (url: string, init: RequestInit): Promise<Response> =>
    parts.fetch(url, {
      ...init,
      method: 'PUT',
      redirect: 'manual',
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })

  return {
    start() {
      const tick = (): void => {
        looking ??= look()
          .catch((error: unknown) => {
            if (!stopping.signal.aborted)
              log('warn', 'publish-failed', { error: error instanceof Error ? error.message : String(error) })
          })
          .finally(() => {
            looking = null
          })
      }
      timer ??= parts.timers.every(tick, LOOK_EVERY_MS)
      tick()
    },
    fronts: () => fronts.map(({ url, publishedAt, problem }) => ({ url, publishedAt, problem })),
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('The program stops'))
      if (timer !== null) parts.timers.clearEvery(timer)
      await Promise.allSettled([looking, ...fronts.map(({ sending }) => sending)])
    },
  }
}

/** A JSON answer, as far as it is one. */
async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text.length > MOST_ANSWER_BYTES) throw new Failure('publish/refused', 'The front answers at too great length')
  try {
    return JSON.parse(text)
  } catch {
    return null // a page of a proxy, or nothing
  }
}

const Problem = v.object({ code: v.string() })

function codeOf(response: Response, answer: unknown): string {
  const problem = v.safeParse(Problem, answer)
  return problem.success ? problem.output.code : (response.headers.get('x-downlink-error') ?? '')
}

function refusal(response: Response, code: string): Failure {
  const facts = { status: response.status }
  if (isFailureCode(code)) return new Failure(code, 'The front refuses what this house publishes', facts)
  return new Failure(
    'publish/no-front',
    `The front answers ${response.status}, which is no answer to a publisher`,
    facts,
  )
}
