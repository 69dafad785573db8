/** Where a redirect of the panel leads: good once, for a short time; to a playlist of HLS as long as it is asked for. */
export interface Hops {
  /** A token for what shall be sent. */
  issue(target: string): string
  /** What the token stands for; null: used, too old or never given out, which is told to `forbid`. */
  redeem(token: string): string | null
}

/** Tokens that live as short as those of real panels. */
export function createHops(options: {
  readonly now: () => number
  readonly lifeMs: () => number
  /** Whether a list of HLS is there, which is asked for again and again. */
  readonly isList: (target: string) => boolean
  readonly forbid: (what: string) => void
}): Hops {
  const issued = new Map<string, { readonly target: string; readonly until: number; used: boolean }>()
  let last = 0
  return {
    issue(target) {
      last += 1
      const token = `T${last.toString(36)}x${Math.floor(options.now()).toString(36)}`
      issued.set(token, { target, until: options.now() + options.lifeMs(), used: false })
      return token
    },
    redeem(token) {
      const hop = issued.get(token)
      if (hop === undefined) {
        options.forbid('a redirect that was never given out was opened')
        return null
      }
      if (options.isList(hop.target)) return hop.target
      if (hop.used || hop.until < options.now()) {
        options.forbid(hop.used ? 'a redirect was used twice' : 'an expired redirect was opened')
        return null
      }
      hop.used = true
      return hop.target
    },
  }
}
