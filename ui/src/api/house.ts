import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { SessionAnswer } from './answers.ts'
import { asProblem } from './problem.ts'
import type { Problem } from './problem.ts'
import { ask, order } from './request.ts'

/** The gateway as this page knows it: who is signed in, and how that changes. */
export type House = {
  /** Null until the first answer. */
  readonly session: ReadonlySignal<SessionAnswer | null>
  /** Why there is no session answer; null: there is one, or it is on its way. */
  readonly problem: ReadonlySignal<Problem | null>
  reload(): Promise<void>
  /** Throws `Problem`. */
  signIn(name: string, password: string): Promise<void>
  /** Throws `Problem`. */
  signOut(): Promise<void>
  /** Makes the owner's account and signs in. Throws `Problem`. */
  setUp(code: string, name: string, password: string): Promise<void>
}

/** Asks the gateway who is calling, and keeps the answer. */
export function createHouse(): House {
  const session = signal<SessionAnswer | null>(null)
  const problem = signal<Problem | null>(null)
  const reload = async () => {
    try {
      session.value = await ask('/api/v1/session', SessionAnswer)
      problem.value = null
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }
  return {
    session,
    problem,
    reload,
    signIn: async (name, password) => {
      await order('/api/v1/session', { method: 'POST', json: { name, password } })
      await reload()
    },
    signOut: async () => {
      await order('/api/v1/session', { method: 'DELETE' })
      await reload()
    },
    setUp: async (code, name, password) => {
      await order('/api/v1/setup', { method: 'POST', json: { code, name, password } })
      await reload()
      // A gateway that does not sign the new owner in by itself.
      if (session.value?.user === null) {
        await order('/api/v1/session', { method: 'POST', json: { name, password } })
        await reload()
      }
    },
  }
}

/** Hands the house down the page tree. */
export const HouseContext = createContext<House | null>(null)

/** The house; throws outside of `HouseContext.Provider`. */
export function useHouse(): House {
  const house = useContext(HouseContext)
  if (house === null) throw new TypeError('useHouse() needs a HouseContext.Provider above it')
  return house
}
