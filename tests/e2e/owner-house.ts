import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startProgram } from '../runtime/program.ts'
import type { Program } from '../runtime/program.ts'
import { openPage, startBrowser } from './pages.ts'

/** Name and password of the owner of such a house. */
export const OWNER = { name: 'admin', password: 'correct horse battery' }

/** A page that is open, with everything that went wrong in it. */
export type OpenedPage = {
  readonly page: Page
  readonly context: BrowserContext
  readonly complaints: string[]
}

/** The real program and a browser, for the tests of one `describe()`. */
export type OwnerHouse = {
  /** The program; only while tests run. */
  readonly program: Program
  /** A page of its own in which the owner has signed in. */
  asOwner(phone?: boolean): Promise<OpenedPage>
}

/**
 * Starts a house with an owner before the tests of the `describe()` that calls this, and ends it after them. `config`: what
 * it has beside its owner, made when it starts.
 */
export function ownerHouse(config: () => Readonly<Record<string, unknown>> = () => ({})): OwnerHouse {
  let running: { readonly program: Program; readonly browser: Browser } | null = null
  const house = () => {
    if (running === null) throw new TypeError('The house runs only while its tests do')
    return running
  }
  before(async () => {
    const program = await startProgram({ config: { admin: { password: OWNER.password }, ...config() } })
    running = { program, browser: await startBrowser(true) }
  })
  after(async () => {
    const { program, browser } = house()
    await browser.close()
    await program[Symbol.asyncDispose]()
  })
  return {
    get program() {
      return house().program
    },
    async asOwner(phone = false) {
      const { program, browser } = house()
      const opened = await openPage(browser, program.url, { phone })
      assert.equal((await opened.page.request.post('/api/v1/session', { data: OWNER })).status(), 200)
      return opened
    },
  }
}
