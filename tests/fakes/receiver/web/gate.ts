import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Box } from '../box.ts'

/** What the door says: a session, or why not. */
export type Entry =
  | { readonly kind: 'in'; readonly session: string; readonly isNew: boolean }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'foreign' }

/** The door of the web interface: password, network, sessions. Every request without its cookie opens a new session. */
export function createGate(box: Box): (request: IncomingMessage) => Entry {
  const sessions = new Set<string>()
  return (request) => {
    const known = /TWISTED_SESSION=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
    const isKnown = known !== undefined && sessions.has(known)
    const session = isKnown ? known : randomBytes(16).toString('hex')
    const enter = (): Entry => {
      if (isKnown) return { kind: 'in', session, isNew: false }
      sessions.add(session)
      box.counters.sessionsCreated += 1
      return { kind: 'in', session, isNew: true }
    }
    if (!box.settings.webAuth) return box.settings.foreignNetwork ? { kind: 'foreign' } : enter()
    const [user, password] = credentials(request)
    if (user === '-sid') return sessions.has(password) ? enter() : { kind: 'unauthorized' }
    const isRight = user === box.settings.user && password === box.settings.password
    return isRight && !(box.settings.noRootAccess && user === 'root') ? enter() : { kind: 'unauthorized' }
  }
}

function credentials(request: IncomingMessage): readonly [string, string] {
  const encoded = /^Basic ([\w+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return ['', '']
  const text = new TextDecoder().decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)))
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}
