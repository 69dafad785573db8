/** Headers by name, in the spelling in which they go out. */
export type RequestHeaders = Readonly<Record<string, string>>

/** The later record wins; names are compared without regard to case, the later spelling is kept. */
export function mergeHeaders(...records: readonly RequestHeaders[]): RequestHeaders {
  const merged = new Map<string, readonly [name: string, value: string]>()
  for (const record of records)
    for (const [name, value] of Object.entries(record)) merged.set(name.toLowerCase(), [name, value])
  return Object.fromEntries(merged.values())
}

/** What tells nothing about the account: it goes to every host. */
const HARMLESS = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'icy-metadata',
  'if-modified-since',
  'if-none-match',
  'origin',
  'range',
  'referer',
  'user-agent',
])

/** What may be carried to another host: credentials and headers that nobody knows stay behind. */
export const withoutCredentials = (headers: RequestHeaders): RequestHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.has(name.toLowerCase())))

/** The `Authorization` that stands in a URL (RFC 7617); none if it has no user name. */
export function loginOf({ username, password }: URL): RequestHeaders {
  if (username === '' && password === '') return {}
  const login = `${decodePercent(username)}:${decodePercent(password)}`
  return { Authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}` }
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a password with a bare "%"
  }
}
