import { createHash } from 'node:crypto'
import * as v from 'valibot'
import { Failure } from '../../../core/errors.ts'
import { Secret } from '../../../core/secret.ts'
import type { SourceMemory } from '../driver.ts'
import type { PortalAnswer } from './answer.ts'
import { GENRES_QUERY, handshakeQuery, loginQuery, profileQuery, watchdogQuery } from './box-queries.ts'
import type { Query } from './box-queries.ts'
import type { Expiry } from './expiry.ts'
import { boxIdentity } from './identity.ts'
import type { MacEntry } from '../../../core/source-kinds/stalker.ts'
import type { BoxIdentity } from './identity.ts'
import { looseFlag, looseText, member } from './loose.ts'
import { contested } from './mac-pool.ts'
import type { Urgency } from './pacer.ts'
import { busy, raceAbort } from './portal-client.ts'
import type { PortalClient } from './portal-client.ts'
import { readProfile } from './profile.ts'
import { readGenres } from './rows.ts'

/** How a question is asked. */
export type AskOptions = { readonly urgency: Urgency; readonly timeoutMs?: number; readonly signal: AbortSignal }

/** A good answer: what stands in `js`, and what stands beside it. */
export type Told = Extract<PortalAnswer, { kind: 'data' }>

/**
 * One of the owner's MACs as the portal knows it.
 *
 * ```
 * unknown ─ the portal answers without a token ─> free
 *    │ ─ it wants one ─> signing in ─ handshake, profile ─> signed in ─ the token is gone ─> signing in
 *   free ─ it wants one now ─> signing in ─ broken off ─> lost ─ next question ─> signing in
 * ```
 * While the MAC streams a token that is gone stays gone: questions fail until the streams have ended.
 * A handshake voids the token and every link of its MAC on most portals. So there is one only when a call really failed,
 * never while the MAC streams, one at a time, and at most one in 30 s (stalker.md §4.1).
 */
export interface BoxSession {
  readonly identity: BoxIdentity
  /** Place in the owner's list, from 1: what messages may say of a MAC. */
  readonly number: number
  /**
   * Asks as this box, signed in where the portal wants it; signs in again once when the token is gone.
   *
   * Fails with `live/contested` (somebody else has the token), `source/device|login|expired|…`, or the signal's reason.
   */
  ask(query: Query, options: AskOptions): Promise<Told>
  token(): string | null
  expiry(): Expiry | null
  /** The end of its account as another call told it. */
  learnExpiry(found: Expiry): void
  watchdogSeconds(): number
  /** Runs one task after the other: links of a MAC void each other. Rejects at once only while it waits for its turn. */
  alone<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>
}

/** What a session needs. */
export type BoxSessionOptions = {
  readonly entry: MacEntry
  readonly number: number
  readonly client: PortalClient
  readonly memory: SourceMemory | null
  /** Whether the MAC has a stream, or for questions that can wait: is about to have one. */
  readonly isTaken: (urgency: Urgency) => boolean
  /** The portal refuses this MAC, or somebody else uses it. */
  readonly onTrouble: (kind: 'contested' | 'refused', reason: Failure) => void
  readonly onSignedIn: () => void
  readonly now: () => number
  readonly closing: AbortSignal
}

const HANDSHAKE_PAUSE_MS = 30_000
/** A token that vanishes so often within `LOSS_MEMORY_MS` is somebody else's now. */
const LOSSES = 2
const LOSS_MEMORY_MS = 5 * 60_000
const SIGN_IN_MS = 45_000

/** Makes the session of one MAC. It asks nothing before it is asked. */
export function createBoxSession(options: BoxSessionOptions): BoxSession {
  const { entry, number, client, memory, now } = options
  const identity = boxIdentity(entry.mac.reveal(), entry)
  // Not by the MAC's place in the list, which the owner may change.
  const memoryKey = `token-${createHash('sha256').update(`memory ${identity.mac}`).digest('hex').slice(0, 32)}`
  let mode: 'unknown' | 'free' | 'lost' | 'token' = 'unknown'
  let token: string | null = null
  let signingIn: Promise<void> | null = null
  let lastHandshake = -Infinity
  let hasSignedIn = false
  let losses: readonly number[] = []
  let lastLost: string | null = null
  let expiry: Expiry | null = null
  let watchdogSeconds = 120
  let tail: Promise<unknown> = Promise.resolve()

  const refuse = (kind: 'contested' | 'refused', reason: Failure): Failure => {
    options.onTrouble(kind, reason)
    return reason
  }
  const call = (query: Query, asked: AskOptions): Promise<PortalAnswer> =>
    client.call({ identity, token, query, ...asked })
  const told = async (query: Query, asked: AskOptions): Promise<Told> => {
    const answer = await call(query, asked)
    if (answer.kind === 'data') return answer
    throw explain(answer.kind, number, refuse)
  }

  const profile = async (asked: AskOptions, handshake: Told, isSecondStep: boolean) => {
    const random = v.parse(looseText, member(handshake.js, 'random'))
    const isTokenInvalid = v.parse(looseFlag, member(handshake.js, 'not_valid'))
    const { js } = await told(profileQuery(identity, { isSecondStep, isTokenInvalid, random, now: now() }), asked)
    return readProfile(js)
  }

  const logIn = async (asked: AskOptions): Promise<void> => {
    const { username, password } = entry
    if (username === undefined || password === undefined)
      throw refuse(
        'refused',
        new Failure('source/login', `The portal wants a user name and a password for MAC ${number}`, { mac: number }),
      )
    const { js } = await told(loginQuery(identity, username, password.reveal()), asked)
    if (js === true || v.parse(looseFlag, js)) return
    throw refuse(
      'refused',
      new Failure('source/login', `The portal refuses the user name or password of MAC ${number}`, { mac: number }),
    )
  }

  const signIn = async (asked: AskOptions): Promise<void> => {
    lastHandshake = now()
    hasSignedIn = false
    mode = 'lost' // until all of it went well
    const handshake = await told(handshakeQuery(identity, token), { ...asked, urgency: 'play' })
    const fresh = v.parse(looseText, member(handshake.js, 'token'))
    if (fresh === '') throw refuse('refused', refusedMac(number, 'it does not know it'))
    token = fresh
    let found = await profile(asked, handshake, false)
    if (found.kind === 'wants-login') {
      await logIn(asked)
      found = await profile(asked, handshake, true)
    }
    if (found.kind !== 'ok') {
      const reason = found.kind === 'refused' ? found.reason : 'it asks for a password again and again'
      throw refuse('refused', refusedMac(number, reason))
    }
    hasSignedIn = true
    mode = 'token'
    expiry = found.expiry ?? expiry
    watchdogSeconds = found.watchdogSeconds
    // Boxes report at once; some portals end the streams of those that do not (stalker.md §4.4).
    await call(watchdogQuery({ isFirst: true, playing: null }), asked)
    await memory?.write(memoryKey, new Secret(fresh))
    options.onSignedIn()
  }

  /** A token that counted and is gone so soon is somebody else's; a sign-in that broke off only has to wait. */
  const tooSoon = (): Failure =>
    hasSignedIn
      ? refuse('contested', contested(number))
      : new Failure('source/timeout', `The sign-in of MAC ${number} broke off; the next one waits for half a minute`)

  /** Signs in for whoever asks; those who come meanwhile wait for the same handshake. */
  const signInOnce = (asked: AskOptions): Promise<void> => {
    if (signingIn === null) {
      if (options.isTaken(asked.urgency)) return Promise.reject(contested(number))
      if (now() - lastHandshake < HANDSHAKE_PAUSE_MS) return Promise.reject(tooSoon())
      const signal = AbortSignal.any([AbortSignal.timeout(SIGN_IN_MS), options.closing])
      signingIn = signIn({ ...asked, signal }).finally(() => (signingIn = null))
      signingIn.catch(() => {}) // whoever waits gets it
    }
    return raceAbort(signingIn, asked.signal)
  }

  /** What the MAC needs before its first question in this run. */
  const prepare = async (asked: AskOptions): Promise<void> => {
    if (signingIn !== null) await raceAbort(signingIn, asked.signal)
    if (mode === 'lost') return signInOnce(asked)
    if (mode !== 'unknown') return
    const saved = memory === null ? null : await memory.read(memoryKey)
    if (mode !== 'unknown') return
    if (saved !== null) {
      token = saved.reveal()
      mode = 'token'
      return
    }
    const answer = await call(GENRES_QUERY, asked)
    if (mode !== 'unknown') return // somebody else was faster
    if (answer.kind === 'data' && readGenres(answer.js).length > 0) mode = 'free'
    else if (answer.kind === 'data' || answer.kind === 'unauthorized') await signInOnce(asked)
    else throw explain(answer.kind, number, refuse)
  }

  /** A token that counted is gone: the first time anybody may have restarted something. */
  const lose = (lost: string): void => {
    if (lost === lastLost) return
    lastLost = lost
    losses = [...losses.filter((at) => now() - at < LOSS_MEMORY_MS), now()]
    if (losses.length < LOSSES) return
    losses = []
    options.onTrouble('contested', contested(number))
  }

  return {
    identity,
    number,
    token: () => token,
    expiry: () => expiry,
    learnExpiry: (found) => void (expiry = found),
    watchdogSeconds: () => watchdogSeconds,
    async ask(query, asked) {
      await prepare(asked)
      const used = token
      const first = await call(query, asked)
      if (first.kind === 'data') return first
      if (first.kind !== 'unauthorized') throw explain(first.kind, number, refuse)
      if (token === used) {
        if (used !== null) lose(used)
        await signInOnce(asked)
      }
      const second = await call(query, asked)
      if (second.kind === 'data') return second
      if (second.kind === 'unauthorized') throw refuse('contested', contested(number))
      throw explain(second.kind, number, refuse)
    },
    alone(signal, task) {
      const before = tail
      const run = raceAbort(before, signal).then(task)
      tail = Promise.allSettled([before, run])
      return run
    },
  }
}

const refusedMac = (number: number, reason: string): Failure =>
  new Failure('source/device', `The portal refuses MAC ${number}: ${reason}`, { mac: number })

type Refuse = (kind: 'contested' | 'refused', reason: Failure) => Failure

/** The failure that an answer without data stands for. */
function explain(kind: Exclude<PortalAnswer['kind'], 'data'>, number: number, refuse: Refuse): Failure {
  switch (kind) {
    case 'unauthorized':
      return refuse('refused', refusedMac(number, 'it does not accept the sign-in'))
    case 'disabled':
      return refuse('refused', accountOff(number))
    case 'banned':
      return new Failure('source/blocked', 'The portal blocks our address')
    case 'busy':
      return busy()
    case 'no-mac':
      return new Failure('source/bad-answer', 'The portal does not see the MAC in the request')
    case 'missing':
    case 'not-portal':
      return new Failure('source/bad-answer', 'There is no portal at this address now')
    default:
      return kind satisfies never
  }
}

/** The account of a MAC is switched off. */
export const accountOff = (number: number): Failure =>
  new Failure('source/expired', `The portal has switched off the account of MAC ${number}`, { mac: number })
