import type { KeyRing } from '../../core/access/keys.ts'
import { leasesOver } from '../../core/access/lease-call.ts'
import type { LeaseCall } from '../../core/access/lease-call.ts'
import type { RandomBytes } from '../../core/access/random.ts'
import { createCallSeal, createMemoryNonces } from '../../core/access/sealed-call.ts'
import { ANSWER_WITHIN_MS, answerWithin, codeOf, noLeases } from './shared-leases.ts'
import type { LeasePorts, SharedLeases } from './shared-leases.ts'

/** What leases at a front need. */
export type FrontLeasePorts = LeasePorts & {
  readonly ring: KeyRing
  readonly random: RandomBytes
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

/** Where a front takes calls about leases, below its own address. */
export const LEASES_PATH = '/leases'

/** A front that sends more is none. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/** Leases that a front of this house keeps (`handlers/leases.ts`). `url`: its base URL without a slash at the end. */
export function createFrontLeases(url: string, { ring, random, fetch: call, now }: FrontLeasePorts): SharedLeases {
  const seal = createCallSeal({ ring, purpose: 'lease', now, random, nonces: createMemoryNonces(now) })

  const send = (what: LeaseCall): Promise<Response> =>
    answerWithin(ANSWER_WITHIN_MS, 'The front takes too long', async (signal) => {
      const body = JSON.stringify(what)
      const authorization = await seal.seal(body)
      const headers = { authorization, 'content-type': 'application/json' }
      let response
      try {
        response = await call(url + LEASES_PATH, { method: 'POST', body, headers, signal, redirect: 'manual' })
      } catch (cause) {
        throw noLeases(`The front is not there (${reasonOf(cause)})`, cause)
      }
      if (response.status === 200) return response
      await response.body?.cancel()
      throw noLeases(REASONS[response.status] ?? `The front answers ${response.status}`)
    })

  return {
    ...leasesOver(
      async (what) => readJson(await send(what)),
      (cause) => noLeases(NO_ANSWER, cause),
    ),
    async check() {
      const started = now()
      const response = await send({ call: 'list', now: Math.round(started) })
      await response.body?.cancel()
      const theirs = Date.parse(response.headers.get('date') ?? '')
      // The header has whole seconds.
      const aheadMs = Number.isNaN(theirs) ? 0 : Math.round(theirs + 500 - (started + now()) / 2)
      return { product: 'A front', aheadMs }
    },
    async [Symbol.asyncDispose]() {},
  }
}

const NO_ANSWER = 'The front sends something that is no answer about leases'

const REASONS: Readonly<Record<number, string>> = {
  403: 'The front refuses the call: it has other link keys, or its clock is half a minute away from ours',
  404: 'The front keeps no leases: it is too old, or has no place for them (docs/fronts.md)',
  405: 'The address of the front is that of something else',
}

const reasonOf = (error: unknown): string =>
  codeOf(error) || codeOf(error instanceof Error ? error.cause : null) || 'no connection'

async function readJson(response: Response): Promise<unknown> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) throw noLeases('The front sends more than an answer about leases can be')
    text += decoder.decode(chunk, { stream: true })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw noLeases(NO_ANSWER, cause)
  }
}
