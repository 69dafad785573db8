/**
 * The path below which the gateway stands, without slash at the end: '' alone on its host, `/tv` behind a proxy at
 * `https://host/tv/`. Known from the address of the page's own script, so nobody has to configure it: every built script
 * lies in `assets/` directly below that path.
 */
export const prefixOf = (script: string): string => /^(.*)\/assets\/[^/]*$/.exec(new URL(script).pathname)?.[1] ?? ''

const PREFIX = prefixOf(import.meta.url)

/** An address of ours as the browser has to ask for it: `at('/status')` is `/tv/status` behind a proxy at `/tv/`. */
export const at = (path: string): string => PREFIX + path

/** The path of ours that a browser's path means: the opposite of `at()`. Paths elsewhere stay as they are. */
export const without = (path: string): string =>
  path === PREFIX || path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length) || '/' : path

/** Where this house stands for this page: origin and prefix, no slash at the end. */
export const here = (): string => location.origin + PREFIX
