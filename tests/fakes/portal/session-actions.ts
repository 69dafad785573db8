import type { Device } from './devices.ts'
import { headerOf } from './reply.ts'
import type { PortalCall, PortalReply } from './reply.ts'
import { envelope, imitatedNotFound, unauthorized } from './reply.ts'
import { BOX_LOGIN } from './settings.ts'
import type { Portal } from './portal.ts'

const HANDSHAKE_PAUSE_MS = 30_000

/** `handshake`: on panels it voids the token and every link of the MAC (stalker.md §4.1). */
export function handshake(portal: Portal, call: PortalCall, device: Device | null): PortalReply {
  const { mode, observer, devices, quirks, now } = portal
  const presented = call.url.searchParams.get('token') ?? ''
  const key = quirks().spelledToken ? 'Token' : 'token'
  if (device === null) return envelope(mode, mode === 'xui' ? { [key]: null } : { [key]: devices.mint() })
  if (portal.streams.countOf(device.box.mac) > 0) observer.forbid('handshake while the MAC streams')
  if (now() - device.handshakeAt < HANDSHAKE_PAUSE_MS) observer.forbid('handshakes in less than 30 s')
  if (mode === 'simple') observer.forbid('handshake with a portal that wants no token')
  if (mode === 'xc29' && device.token === null) observer.forbid('handshake before a token was wanted')
  device.handshakeAt = now()
  if (mode === 'stock4' || mode === 'stock5') {
    const token = presented !== '' && presented === device.token ? presented : devices.mint()
    device.minted = token
    return envelope(mode, { [key]: token, ...(mode === 'stock5' ? { random: 'c0ffee'.repeat(8) } : {}) })
  }
  device.token = devices.mint()
  portal.links.void(device.box.mac)
  if (mode === 'xui') portal.streams.endAll(device.box.mac)
  return envelope(mode, { [key]: device.token, random: '0a1b2c3d'.repeat(5) })
}

/** `get_profile`: the token counts from here on; identities are pinned (stalker.md §4.2). */
export function getProfile(portal: Portal, call: PortalCall, device: Device | null): PortalReply {
  const { mode } = portal
  const query = call.url.searchParams
  if (device === null) return envelope(mode, { ...DEFAULT_PROFILE, status: 1, msg: 'access denied' })
  const [, bearer = ''] = /^Bearer (.+)$/.exec(headerOf(call, 'authorization')) ?? []
  const isStock = mode === 'stock4' || mode === 'stock5'
  if (bearer === '' || (bearer !== device.token && bearer !== device.minted)) {
    portal.observer.forbid('get_profile without the token of its handshake')
    return isStock ? unauthorized(mode) : envelope(mode, { ...DEFAULT_PROFILE, status: 1 })
  }
  const conflict = pin(portal, device, query)
  if (conflict === 'ban') return imitatedNotFound()
  if (conflict !== null)
    return envelope(mode, {
      status: '1',
      msg: `device conflict - ${conflict}`,
      block_msg: 'Your STB is damaged.<br/> Call the provider.',
    })
  if (isStock) device.token = bearer
  if (device.box.account === 'login' && !device.hasLoggedIn) return envelope(mode, { status: 2, template: 'default' })
  const status = device.box.account === 'off' && !isStock ? 1 : 0
  return envelope(mode, {
    ...DEFAULT_PROFILE,
    id: 7,
    mac: device.box.mac,
    status: isStock ? String(status) : status,
    expire_billing_date: device.box.ends ?? '0000-00-00 00:00:00',
  })
}

const DEFAULT_PROFILE = {
  id: null,
  name: '',
  watchdog_timeout: 120,
  timeslot: 33.3,
  default_timezone: 'UTC',
  blocked: '0',
}

/** What is wrong with an identity; `ban`: the address is blocked for it. */
function pin(portal: Portal, device: Device, query: URLSearchParams): string | null {
  const serial = query.get('sn') ?? ''
  const deviceId = query.get('device_id') ?? ''
  const deviceId2 = query.get('device_id2') ?? ''
  const { observer, mode } = portal
  if (serial === '' || (device.serial !== null && serial !== device.serial)) {
    observer.forbid(serial === '' ? 'no serial number' : 'another serial number')
    if (mode === 'xui') {
      portal.ban()
      return 'ban'
    }
  }
  if (deviceId !== '' && deviceId === deviceId2) observer.forbid('equal device ids')
  if (
    portal.devices.all().some((other) => other !== device && (other.serial === serial || other.deviceId === deviceId))
  )
    observer.forbid('the identity of another MAC')
  device.serial ??= serial
  device.deviceId ??= deviceId
  device.deviceId2 ??= deviceId2
  if (device.deviceId === deviceId && device.deviceId2 === deviceId2) return null
  observer.forbid('another device id')
  return 'device_id mismatch'
}

/** `do_auth`. */
export function doAuth(portal: Portal, call: PortalCall, device: Device | null): PortalReply {
  const query = call.url.searchParams
  const isRight = query.get('login') === BOX_LOGIN.login && query.get('password') === BOX_LOGIN.password
  if (device !== null && isRight) device.hasLoggedIn = true
  return envelope(portal.mode, isRight)
}

/** `watchdog`: events wait until they are confirmed. */
export function watchdog(portal: Portal, call: PortalCall, device: Device): PortalReply {
  const query = call.url.searchParams
  if (query.get('action') === 'confirm_event') {
    const index = device.events.findIndex(({ id }) => String(id) === query.get('event_active_id'))
    if (index >= 0) device.events.splice(index, 1)
    return envelope(portal.mode, { data: 'ok' })
  }
  const [event] = device.events
  const data = { msgs: device.events.length, additional_services_on: '1' }
  return envelope(portal.mode, { data: event === undefined ? data : { ...data, ...event, need_confirm: '1' } })
}

/** `get_main_info`: panels write the end of the account into `phone`. */
export function accountInfo(portal: Portal, device: Device): PortalReply {
  const { mac, ends = 'Unlimited' } = device.box
  const common = { fname: '', ls: '', mac, account_balance: '0', tariff_plan: 'Full' }
  return envelope(
    portal.mode,
    portal.mode === 'xui' || portal.mode === 'xc29'
      ? { ...common, phone: ends }
      : { ...common, phone: '', end_date: ends },
  )
}
