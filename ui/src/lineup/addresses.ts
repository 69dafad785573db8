/** Addresses that a television can be given. */
export type TvAddresses = {
  readonly playlist: string
  readonly hlsPlaylist: string
  readonly guide: string
  /** The addresses work on this machine only. */
  readonly thisMachineOnly: boolean
}

/** Whether a base URL reaches only the machine itself. */
export function isLoopback(base: string): boolean {
  const host = URL.parse(base)?.hostname ?? ''
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.[\d.]+$/.test(host)
}

/**
 * Base URLs worth showing, best first: what the gateway names, then the one this page came from.
 * Loopback ones stay only when there is nothing else.
 */
export function baseAddresses(named: readonly string[], origin: string): readonly string[] {
  const all = [...new Set([...named, origin].map((base) => base.replace(/\/+$/, '')))]
  const reachable = all.filter((base) => !isLoopback(base))
  return reachable.length > 0 ? reachable : all.slice(0, 1)
}

/** The addresses below one base; `prefix` is '' or `/t/{token}`. */
export function tvAddresses(base: string, prefix: string): TvAddresses {
  const root = `${base}${prefix}`
  return {
    playlist: `${root}/playlist.m3u`,
    hlsPlaylist: `${root}/playlist.m3u?format=hls`,
    guide: `${root}/xmltv.xml`,
    thisMachineOnly: isLoopback(base),
  }
}
