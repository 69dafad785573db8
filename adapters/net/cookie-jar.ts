/** The cookies of one client, each for the host alone that set it. Paths and dates are not looked at: sessions are short. */
export interface CookieJar {
  /** The value of `Cookie` for a URL; null: none. */
  header(url: URL): string | null
  /** Takes the `Set-Cookie` lines of an answer. */
  keep(url: URL, lines: readonly string[]): void
}

const MOST_HOSTS = 16
const MOST_COOKIES = 50
/** RFC 6265, 6.1. */
const LONGEST_COOKIE = 4096

type Cookie = { readonly value: string; readonly isSecure: boolean }

/** Makes an empty jar: at most 16 hosts with 50 cookies each; the oldest make room. */
export function createCookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, Cookie>>()
  return {
    header(url) {
      const isSecure = url.protocol === 'https:'
      const pairs = [...(hosts.get(url.hostname) ?? [])]
        .filter(([, cookie]) => isSecure || !cookie.isSecure)
        .map(([name, { value }]) => `${name}=${value}`)
      return pairs.length === 0 ? null : pairs.join('; ')
    },
    keep(url, lines) {
      for (const line of lines) {
        const [, name, value = ''] = /^\s*([^=;\s]+)\s*=\s*([^;]*)/.exec(line) ?? []
        if (name === undefined || line.length > LONGEST_COOKIE) continue
        const cookies = hosts.get(url.hostname) ?? new Map<string, Cookie>()
        cookies.delete(name)
        if (!/;\s*max-age\s*=\s*"?(0|-\d+)/i.test(line))
          cookies.set(name, { value: value.trim(), isSecure: /;\s*secure\s*(;|$)/i.test(line) })
        dropOldest(cookies, MOST_COOKIES)
        hosts.set(url.hostname, cookies)
        dropOldest(hosts, MOST_HOSTS)
      }
    },
  }
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
