/** Where a portal may be reached, derived from whatever address its owner knows. */
export type PortalAddress = {
  /** Folder of the portal without `/c/`, ending in `/`. */
  readonly base: URL
  /** What answers questions, the likeliest first. Never empty, all on one host. */
  readonly candidates: readonly URL[]
  /** Scripts of the portal's own page that name the real one. */
  readonly scripts: readonly URL[]
}

/** Pages that people paste: `/c/`, `/c/index.html`, `/client/`, `/c_/`. */
const PAGE = /(^|\/)(?:c|client|c_)(?:\/(?:index\.html?)?)?$/
const ENDPOINT = /\.php$/

/**
 * The addresses to probe for a pasted one: the address itself if it is an endpoint, then what real portals use.
 *
 * Rule: stalker.md §1. Which kind of portal it is, is told by its behaviour alone, never by this.
 */
export function portalAddress(pasted: URL): PortalAddress {
  const { origin } = pasted
  const path = pasted.pathname
  const folder = folderOf(path)
  const base = new URL(folder, origin)
  const at = (relative: string, from: URL | string = base): URL => new URL(relative, from)
  const candidates = [
    ...(ENDPOINT.test(path) ? [at(path, origin)] : []),
    at('portal.php'),
    at('c/portal.php'),
    at('server/load.php'),
    ...(folder === '/' ? [at('stalker_portal/server/load.php')] : []),
    at('/c/portal.php', origin),
    at('/portal.php', origin),
  ]
  const scripts = [
    at('c/xpcom.common.js'),
    at('/c/xpcom.common.js', origin),
    at('/stalker_portal/c/xpcom.common.js', origin),
  ]
  return { base, candidates: unique(candidates), scripts: unique(scripts) }
}

/** The folder of a portal, from a page, an endpoint or the folder itself. */
function folderOf(path: string): string {
  if (ENDPOINT.test(path)) return folderOf(path.replace(/(?:server\/)?[^/]*\.php$/, ''))
  const bare = path.replace(PAGE, '$1').replace(/index\.html?$/, '')
  return bare.endsWith('/') ? bare : `${bare}/`
}

const unique = (urls: readonly URL[]): readonly URL[] => [...new Map(urls.map((url) => [url.href, url])).values()]

/**
 * The endpoint that a portal's `xpcom.common.js` names for its own page; null if it names none that we understand.
 *
 * The script takes its page's address apart with a regular expression and joins the parts to `ajax_loader`. Nothing of
 * it is run: the parts are always protocol, host and folder, so the fixed ending tells it all.
 */
export function endpointOfScript(script: string, scriptUrl: URL): URL | null {
  const [, expression] = /ajax_loader\s*=\s*([^;\n]{1,400})/.exec(script) ?? []
  const endings = [...(expression ?? '').matchAll(/["']([^"']*\.php)["']/g)].map(([, ending]) => ending ?? '')
  const ending = endings.at(-1)
  if (ending === undefined || ending.includes('://') || !/^\/?[\w./-]+$/.test(ending)) return null
  const page = new URL('.', scriptUrl)
  const folder = new URL(folderOf(page.pathname), scriptUrl)
  return new URL(ending.replace(/^\//, ''), folder)
}

/** The folder of the portal that an endpoint belongs to, ending in `/`. */
const baseOfEndpoint = (endpoint: URL): URL => new URL(folderOf(endpoint.pathname), endpoint)

/** The folder of an endpoint's page, which a box names as its referer. */
export const pageOfEndpoint = (endpoint: URL): URL => new URL('c/', baseOfEndpoint(endpoint))

/** Where the logos without a path of their own are (stalker.md §1). */
export const logoBase = (endpoint: URL): URL => new URL('misc/logos/320/', baseOfEndpoint(endpoint))
