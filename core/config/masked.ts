import { Secret } from '../secret.ts'

/** What stands where something is that is not told: it says that it is there, and leaves it as it is when it comes back. */
export const KEPT = 'set'

type Mapping = Readonly<Record<string, unknown>>

/**
 * An entry of the configuration as it may be shown: passwords, MACs and addresses read `set`.
 *
 * `written`: the entry as its owner wrote it; `read`: what the schema made of it, which knows what is secret.
 */
export function maskEntry(written: Mapping, read: Mapping): Record<string, unknown> {
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [key, mask(value, read[key])]))
}

function mask(written: unknown, read: unknown): unknown {
  if (Array.isArray(written))
    return Array.isArray(read) && read.length === written.length
      ? written.map((one, index) => mask(one, read[index]))
      : KEPT
  if (isMapping(written)) return isMapping(read) ? maskEntry(written, read) : KEPT
  const isTold = !isAddress(written) && (read === null || typeof read !== 'object' || !holdsSecret(read))
  return isTold && read !== undefined ? written : KEPT
}

const isAddress = (value: unknown): boolean => typeof value === 'string' && value.includes('://')

function holdsSecret(value: object): boolean {
  if (value instanceof Secret || value instanceof URL) return true
  return Object.values(value).some(
    (inner: unknown) => inner !== null && typeof inner === 'object' && holdsSecret(inner),
  )
}

const isMapping = (value: unknown): value is Mapping =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  !(value instanceof Secret) &&
  !(value instanceof URL)

/**
 * The host, and the port if one is written, of every address in an entry, by key: enough for its owner to know it again.
 */
export function hostsOf(written: Mapping): Record<string, string> {
  const hosts: Record<string, string> = {}
  for (const [key, value] of Object.entries(written)) {
    if (!/^url$|Url$|^proxy$/.test(key) || typeof value !== 'string') continue
    const url = URL.parse(value.includes('://') ? value.trim() : `http://${value.trim()}`)
    if (url !== null) hosts[key] = url.host
  }
  return hosts
}

/** An entry as somebody sends it: its `set` is again what was written there, and what is null is not written at all. */
export function fillEntry(
  sent: Mapping,
  known: { readonly written: Mapping; readonly masked: Mapping },
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, fill(value, known.masked[key], known.written[key])]),
  )
}

/** An entry after a change: named keys are replaced, those that are null go back to their default. */
export function changeEntry(
  known: { readonly written: Mapping; readonly masked: Mapping },
  change: Mapping,
): Record<string, unknown> {
  const kept = Object.entries(known.written).filter(([key]) => !Object.hasOwn(change, key))
  return { ...Object.fromEntries(kept), ...fillEntry(change, known) }
}

/** Whether something in a masked value is not shown. */
const holdsKept = (masked: unknown): boolean => JSON.stringify(masked ?? null).includes(`"${KEPT}"`)

/** The keys of an entry that are shown in full: what is left of one whose secrets are lost. */
export const withoutKept = (masked: Mapping): Record<string, unknown> =>
  Object.fromEntries(Object.entries(masked).filter(([, value]) => !holdsKept(value)))

/** `set:2` in a list: what stands second there, whole, wherever it goes. */
const KEPT_PLACE = /^set:([1-9]\d{0,3})$/

/** Lists keep by place: `set` what stands at its own, `set:2` what stands second, so that others can be taken out. */
function fill(next: unknown, masked: unknown, written: unknown): unknown {
  if (next === KEPT && masked === KEPT) return written
  if (Array.isArray(next)) {
    const [shown, before] = [Array.isArray(masked) ? masked : [], Array.isArray(written) ? written : []]
    return next.map((one, index) => {
      const place = typeof one === 'string' ? KEPT_PLACE.exec(one)?.[1] : undefined
      const at = Number(place) - 1
      if (place !== undefined && holdsKept(shown[at])) return before[at]
      return fill(one, shown[index], before[index])
    })
  }
  if (!isMapping(next)) return next
  const [shown, before] = [isMapping(masked) ? masked : {}, isMapping(written) ? written : {}]
  return Object.fromEntries(Object.entries(next).map(([key, value]) => [key, fill(value, shown[key], before[key])]))
}
