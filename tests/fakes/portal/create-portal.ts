import { createArchiveLink } from './archive-actions.ts'
import { createDevices } from './devices.ts'
import { bulkGuide, dayGuide, shortGuide } from './guide-actions.ts'
import { createLinks } from './links.ts'
import { createLink, getAllChannels, getChannelPage, getRadioPage, getGenres } from './live-actions.ts'
import { createObserver } from './observation.ts'
import { envelope, headerOf, imitatedNotFound, macOf, reply, unauthorized } from './reply.ts'
import type { PortalCall, PortalReply } from './reply.ts'
import type { Portal, PortalOptions } from './portal.ts'
import { accountInfo, doAuth, getProfile, handshake, watchdog } from './session-actions.ts'
import { noQuirks } from './settings.ts'
import type { PortalMode } from './settings.ts'
import { createStreams } from './streams.ts'
import { createVodLink, getCategories, getVodPage } from './vod-actions.ts'

const STATIC = /^\/static\/(\d+)\.ts$/
const PLAYED = /^\/(?:ch|play|auth|media|static)\/|^\/user\/pass\//

/** Makes the inside of a portal. */
export function createPortal(options: PortalOptions): Portal {
  const { mode, now } = options
  let quirks = { ...noQuirks, ...options.quirks }
  let isBanned = false
  let busy: string | null = null
  const observer = createObserver()
  const portal: Portal = {
    mode,
    model: options.model,
    observer,
    devices: createDevices(mode, options.boxes, observer),
    links: createLinks({ mode, forgetsStream: () => quirks.forgetsStream, now }),
    streams: createStreams(observer),
    faults: new Map(),
    quirks: () => quirks,
    now,
    origin: options.origin,
    ban: () => void (isBanned = true),
    unban: () => void (isBanned = false),
    busyFor: (action) => void (busy = action),
    configure: (changes) => void (quirks = { ...quirks, ...changes }),
    otherDevice(mac) {
      const device = portal.devices.of(mac)
      if (device === null) throw new RangeError('The portal does not know this MAC')
      device.token = portal.devices.mint()
      if (mode === 'xui') portal.links.void(mac)
    },
    observe: () => observer.read(portal.streams.counts()),
    answer(call) {
      watchManners(portal, call)
      if (isBanned) return reply(403, 'text/html', '')
      if (call.method !== 'GET') return reply(200, 'text/html', '')
      if (busy !== null && call.url.searchParams.get('action') === busy)
        return reply(503, 'text/html', '<!doctype html><title>Just a moment…</title>')
      return route(portal, call)
    },
    play(call) {
      observer.count('stream')
      watchManners(portal, call)
      const isElsewhere = call.url.hostname !== new URL(options.origin()).hostname
      if (isElsewhere && (headerOf(call, 'cookie') !== '' || headerOf(call, 'authorization') !== ''))
        observer.forbid('cookie or token told to another host')
      if (!/MAG\d+ stbapp/.test(headerOf(call, 'user-agent'))) return reply(403, 'text/html', '')
      const [, fixed] = STATIC.exec(call.url.pathname) ?? []
      if (fixed !== undefined) return playStatic(portal, call, Number(fixed))
      const hop = portal.links.hop(call.url)
      if (hop !== null) return { status: 302, headers: { Location: `${options.origin()}${hop}` }, body: '' }
      const link = portal.links.read(call.url)
      if (typeof link === 'string') {
        observer.forbid(`opened ${link}`)
        return reply(mode === 'xui' ? 404 : 403, 'text/html', '')
      }
      const device = portal.devices.of(link.mac)
      if (device === null) return reply(403, 'text/html', '')
      return { box: device.box, target: link.target, fault: portal.faults.get(link.target.id) ?? null }
    },
  }
  return portal
}

/** Whether a path is a stream's or a file's. */
export const isPlayed = (url: URL): boolean => PLAYED.test(url.pathname)

function playStatic(portal: Portal, call: PortalCall, id: number): ReturnType<Portal['play']> {
  const device = portal.devices.of(macOf(call))
  if (device === null) return reply(403, 'text/html', '')
  return { box: device.box, target: { kind: 'channel', id }, fault: portal.faults.get(id) ?? null }
}

/** Notes what no box would do. */
function watchManners(portal: Portal, call: PortalCall): void {
  const { observer } = portal
  if (portal.quirks().proxyOnly && call.via === 'direct') observer.forbid('a direct connection past the proxy')
  if (call.method !== 'GET') observer.forbid(`${call.method} request`)
  for (const [name] of call.headers)
    if (/^(sec-|origin$|accept-language$)/i.test(name)) observer.forbid(`header "${name}" of a browser`)
}

const ENDPOINTS: Readonly<Record<PortalMode, readonly string[]>> = {
  stock4: ['/stalker_portal/server/load.php'],
  stock5: ['/stalker_portal/server/load.php'],
  xc29: ['/c/portal.php', '/portal.php'],
  xui: ['/c/portal.php', '/portal.php'],
  simple: ['/portal.php'],
}

function route(portal: Portal, call: PortalCall): PortalReply {
  const { mode, quirks } = portal
  const { pathname, search } = call.url
  const { endpoint } = quirks()
  const endpoints = endpoint === null ? ENDPOINTS[mode] : [endpoint]
  if (endpoints.includes(pathname)) return act(portal, call)
  if (mode === 'xui' && pathname === '/server/load.php')
    return { status: 302, headers: { Location: `/c/portal.php${search}` }, body: '' }
  if (pathname.endsWith('/c/xpcom.common.js')) return script(portal, pathname)
  if (/\/misc\/logos\/320\/|\/screenshots\//.test(pathname)) return reply(200, 'image/png', PNG)
  if (mode === 'xui' || mode === 'stock4') return imitatedNotFound()
  return reply(200, 'text/html', '<!doctype html><title>Welcome</title>It works')
}

/** A picture of one pixel. */
const PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
)

/** `xpcom.common.js` names the endpoint of its page (stalker.md §1). */
function script(portal: Portal, pathname: string): PortalReply {
  const { endpoint } = portal.quirks()
  const [real = ''] = endpoint === null ? ENDPOINTS[portal.mode] : [endpoint]
  const folder = pathname.replace(/c\/xpcom\.common\.js$/, '')
  if (!real.startsWith(folder)) return imitatedNotFound()
  const ending = real.slice(folder.length)
  return reply(
    200,
    'application/javascript',
    `var pattern = /(https?):\\/\\/([^\\/]*)\\/([\\w\\/]+)*\\/([^\\/]+)\\//;\nthis.ajax_loader = this.portal_protocol + '://' + this.portal_ip + '/' + this.portal_path + '/${ending}';\n`,
  )
}

function act(portal: Portal, call: PortalCall): PortalReply {
  const { mode, observer, devices } = portal
  const query = call.url.searchParams
  const type = query.get('type') ?? ''
  const action = query.get('action') ?? ''
  observer.count(action)
  if (query.get('JsHttpRequest') === null) observer.forbid('a question without JsHttpRequest')
  const mac = macOf(call)
  if (mac === '') observer.forbid('no MAC in the cookie')
  if (mac === '') return unauthorized(mode, 'Unauthorized request.')
  const known = devices.of(mac)
  if (action === 'handshake') return handshake(portal, call, known)
  if (action === 'get_profile') return getProfile(portal, call, known)
  if (action === 'do_auth') return doAuth(portal, call, known)
  const isMisspelled = portal.quirks().strictHeaders && call.headers.some(([name]) => name === 'authorization')
  if (isMisspelled) observer.forbid('header "authorization" in small letters')
  const device = devices.authorized(call)
  if (device === null) return unauthorized(mode)
  if (device.box.account === 'off')
    return mode === 'stock4' || mode === 'stock5' ? unauthorized(mode, 'Access denied.') : unauthorized(mode)
  return serve(portal, call, device, `${type}/${action}`)
}

function serve(portal: Portal, call: PortalCall, device: Parameters<typeof accountInfo>[1], what: string): PortalReply {
  switch (what) {
    case 'watchdog/get_events':
    case 'watchdog/confirm_event':
      return watchdog(portal, call, device)
    case 'account_info/get_main_info':
      return accountInfo(portal, device)
    case 'itv/get_genres':
      return getGenres(portal, device)
    case 'itv/get_all_channels':
      return getAllChannels(portal, device)
    case 'itv/get_ordered_list':
      return getChannelPage(portal, call, device)
    case 'itv/create_link':
      return createLink(portal, call, device)
    case 'itv/get_epg_info':
      return bulkGuide(portal, call)
    case 'itv/get_short_epg':
      return shortGuide(portal, call)
    case 'epg/get_simple_data_table':
      return dayGuide(portal, call)
    case 'vod/get_categories':
      return getCategories(portal)
    case 'vod/get_ordered_list':
      return getVodPage(portal, call)
    case 'series/get_categories':
      return portal.mode === 'xui' ? getCategories(portal) : envelope(portal.mode, false)
    case 'series/get_ordered_list':
      return portal.mode === 'xui' ? getVodPage(portal, call) : envelope(portal.mode, false)
    case 'radio/get_ordered_list':
      return getRadioPage(portal, call)
    case 'tv_archive/create_link':
      return createArchiveLink(portal, call, device)
    case 'vod/create_link':
      return createVodLink(portal, call, device)
    default:
      return envelope(portal.mode, false)
  }
}
