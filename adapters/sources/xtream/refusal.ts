import { Failure } from '../../../core/errors.ts'

/** Codes that panels made up for "not with this program" or "not from this address" (protocols/xtream.md §2.2). */
const FILTERED = new Set([454, 456, 514, 884])

/** What a panel's status to an API call means, when it is not 200. `what` names the call, `hasJson` what the body was. */
export function apiRefusal(status: number, what: string, hasJson: boolean): Failure {
  const facts = { status }
  if (FILTERED.has(status))
    return new Failure('source/blocked', `The panel refuses this program or our address (HTTP ${status})`, facts)
  if ((status === 401 || status === 403) && hasJson)
    return new Failure('source/login', `The panel refuses the user name or the password (HTTP ${status})`, facts)
  if (status === 401 || status === 403)
    return new Failure('source/blocked', `The panel has blocked this program or our address (HTTP ${status})`, facts)
  if (status === 404)
    return new Failure(
      'source/blocked',
      'The panel answers HTTP 404, which may mean a wrong user name or password, an ended account, or that it refuses this program or our address',
      facts,
    )
  if (status === 429)
    return new Failure('source/unreachable', `The panel asks us to call less often (HTTP ${status})`, facts)
  if (status >= 500)
    return new Failure('source/unreachable', `The panel cannot answer ${what} now (HTTP ${status})`, facts)
  return new Failure('source/bad-answer', `The panel answers ${what} with HTTP ${status}`, facts)
}

/** What a panel's status to the start of a stream means. Source: protocols/xtream.md §5.1. */
export function streamRefusal(status: number, name: string): Failure {
  const facts = { status }
  if (FILTERED.has(status) || status === 401)
    return new Failure('source/blocked', `The provider refuses this program or our address (HTTP ${status})`, facts)
  if (status === 403)
    return new Failure('live/refused', `The provider forbids "${name}" for now (HTTP ${status})`, facts)
  if (status === 404)
    return new Failure('live/refused', `"${name}" is not on air, or the account may not see it (HTTP ${status})`, facts)
  if (status === 405)
    return new Failure('source/not-supported', `The account may not ask for "${name}" in this form (HTTP 405)`, facts)
  if (status === 406) return new Failure('live/refused', `"${name}" is not in the account's package (HTTP 406)`, facts)
  if (status === 429)
    return new Failure('live/refused', `The provider asks us to open streams less often (HTTP 429)`, facts)
  if (status >= 500) return new Failure('live/refused', `The provider is overloaded (HTTP ${status})`, facts)
  return new Failure('live/refused', `The provider answers "${name}" with HTTP ${status}`, facts)
}
