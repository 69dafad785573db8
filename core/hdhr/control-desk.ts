import type { ControlAnswer, ControlRequest } from './control-message.ts'
import { MODEL } from './device-documents.ts'
import type { ScanProgress } from './device-documents.ts'

/** What a tuner carries now, as `status` shows it; null: nothing. */
export type CarriedChannel = { readonly number: string; readonly name: string; readonly bitsPerSecond: number }

/** What the control of a device needs. */
export type ControlPorts = {
  readonly tunerCount: () => number
  readonly carried: (tuner: number) => CarriedChannel | null
  readonly scan: () => ScanProgress | null
  /**
   * Sends the channel of this number to an address from now on (`rtp` or `udp`), or ends that (null). Tells nothing of
   * failures: a client hears them by getting no packets, as from an aerial.
   */
  readonly push: (tuner: number, wish: PushWish | null) => void
}

/** Where a tuner's channel should be sent. */
export type PushWish = {
  readonly number: string
  readonly protocol: 'rtp' | 'udp'
  readonly host: string
  readonly port: number
}

/** The variables of a tuner that clients set and get back. */
type TunerState = { values: Map<string, string>; lock: { readonly key: number; readonly holder: string } | null }

const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['channel', 'none'],
  ['channelmap', 'eu-cable'],
  ['debug', ''],
  ['filter', '0x0000-0x1fff'],
  ['program', 'none'],
  ['target', 'none'],
  ['vchannel', 'none'],
])
const UNKNOWN: ControlAnswer = { error: 'unknown getset variable' }
const MAX_VALUE = 256

/** Answers what clients ask on the control port. */
export interface ControlDesk {
  /** `peer`: address of who asks; what is sent goes nowhere else. */
  answer(request: ControlRequest, peer: string): ControlAnswer
}

/**
 * The variables that programs ask for: model and version, and of each tuner its state, channel, target and lock. A tuner
 * is locked by a number of its holder's own; `force` takes the lock from anybody.
 *
 * Source: libhdhomerun, hdhomerun_device.c, hdhomerun_control.c.
 */
export function createControlDesk(ports: ControlPorts): ControlDesk {
  const tuners = new Map<number, TunerState>()
  const tunerAt = (number: number): TunerState => {
    const known = tuners.get(number) ?? { values: new Map<string, string>(), lock: null }
    tuners.set(number, known)
    return known
  }

  const get = (tuner: number, name: string): ControlAnswer => {
    const { values, lock } = tunerAt(tuner)
    const carried = ports.carried(tuner)
    switch (name) {
      case 'status':
        return { value: statusText(carried) }
      case 'vstatus':
        return { value: vstatusText(carried) }
      case 'streaminfo':
        return { value: carried === null ? 'none' : `1: ${carried.number} ${carried.name}\ntsid=0x0001\n` }
      case 'lockkey':
        return { value: lock?.holder ?? 'none' }
      default: {
        const value = values.get(name) ?? DEFAULTS.get(name)
        return value === undefined ? UNKNOWN : { value }
      }
    }
  }

  const setLock = (state: TunerState, value: string, { lockKey }: ControlRequest, peer: string): ControlAnswer => {
    if (value === 'force') state.lock = null
    else if (state.lock !== null && state.lock.key !== lockKey) return lockedBy(state.lock)
    else if (value === 'none') state.lock = null
    else {
      const key = /^\d{1,10}$/.test(value) ? Number(value) : 0
      if (key === 0) return { error: 'invalid lock key' }
      state.lock = { key, holder: peer }
    }
    return { value: state.lock?.holder ?? 'none' }
  }

  const set = (tuner: number, name: string, request: ControlRequest, peer: string): ControlAnswer => {
    const state = tunerAt(tuner)
    const value = (request.value ?? '').slice(0, MAX_VALUE)
    if (name === 'lockkey') return setLock(state, value, request, peer)
    if (!DEFAULTS.has(name)) return UNKNOWN
    if (state.lock !== null && state.lock.key !== request.lockKey) return lockedBy(state.lock)
    if (name === 'target') {
      const wish = value === 'none' ? null : readTarget(value, state.values.get('vchannel') ?? 'none')
      if (value !== 'none' && wish === null) return { error: 'invalid target' }
      // Whoever may ask may ask for themselves: nobody else's network is filled with television.
      if (wish !== null && wish.host !== peer) return { error: 'the target should be the address that asks' }
      ports.push(tuner, wish)
    }
    state.values.set(name, value)
    if (name === 'vchannel') pushAnew(tuner, state)
    return get(tuner, name)
  }

  const pushAnew = (tuner: number, { values }: TunerState): void => {
    const target = values.get('target') ?? 'none'
    if (target !== 'none') ports.push(tuner, readTarget(target, values.get('vchannel') ?? 'none'))
  }

  return {
    answer(request, peer) {
      const { name, value } = request
      const [, number, variable] = /^\/tuner(\d{1,3})\/([a-z]+)$/.exec(name) ?? []
      if (number !== undefined && variable !== undefined) {
        const tuner = Number(number)
        if (tuner >= ports.tunerCount()) return UNKNOWN
        return value === null ? get(tuner, variable) : set(tuner, variable, request, peer)
      }
      const text = value === null ? systemValue(name, ports.scan()) : null
      return text === null ? UNKNOWN : { value: text }
    },
  }
}

const lockedBy = ({ holder }: { readonly holder: string }): ControlAnswer => ({
  error: `resource locked by ${holder}`,
})

function systemValue(name: string, scan: ScanProgress | null): string | null {
  switch (name) {
    case 'help':
      return `Supported configuration options:\n${[...SYSTEM, ...TUNER].join('\n')}\n`
    case '/sys/model':
      return MODEL.firmware
    case '/sys/hwmodel':
      return MODEL.number
    case '/sys/version':
      return MODEL.version
    case '/sys/features':
      return 'channelmap: eu-cable\nmodulation: auto\nauto-modulation: auto\n'
    case '/sys/copyright':
      return 'downlink'
    case '/lineup/scan':
      return scan === null
        ? 'state=complete progress=100%'
        : `state=running progress=${scan.percent}% found=${scan.found}`
    default:
      return null
  }
}

const SYSTEM = ['/sys/model', '/sys/hwmodel', '/sys/version', '/sys/features', '/sys/copyright', '/lineup/scan']
const TUNER = ['status', 'vstatus', 'streaminfo', 'lockkey', ...DEFAULTS.keys()].map((name) => `/tuner<n>/${name}`)

function statusText(carried: CarriedChannel | null): string {
  if (carried === null) return 'ch=none lock=none ss=0 snq=0 seq=0 bps=0 pps=0'
  const packets = Math.round(carried.bitsPerSecond / (1316 * 8))
  return `ch=auto:${carried.number} lock=auto ss=100 snq=100 seq=100 bps=${carried.bitsPerSecond} pps=${packets}`
}

const vstatusText = (carried: CarriedChannel | null): string =>
  carried === null
    ? 'vch=none name=none auth=unspecified cci=none cgms=none'
    : `vch=${carried.number} name=${carried.name} auth=unspecified cci=none cgms=none`

function readTarget(text: string, number: string): PushWish | null {
  const [, protocol, host, port] = /^(rtp|udp):\/\/(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(text.trim()) ?? []
  if ((protocol !== 'rtp' && protocol !== 'udp') || host === undefined || Number(port) > 65_535 || Number(port) < 1)
    return null
  return { number, protocol, host, port: Number(port) }
}
