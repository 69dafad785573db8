import type { Box } from '../box.ts'
import { nowAndNext } from '../guide.ts'
import type { Service } from '../model.ts'
import { boxSeconds, clockText, failed, simpleResult } from './call.ts'
import type { Method } from './call.ts'
import { element, fields, jsonDescription, jsonTitle } from './text.ts'

/** `about`: the box, its tuners, who streams. */
export const about: Method = ({ box }) => ({
  json: { info: deviceInfo(box), service: currentService(box) },
  xml: element(
    'e2abouts',
    '\n',
    element(
      'e2about',
      '\n',
      fields({
        e2enigmaversion: '2024-10-01-develop',
        e2imageversion: '7.4',
        e2webifversion: 'OWIF 2.4.0',
        e2fpversion: null,
        e2model: box.model.boxName,
        e2distroversion: box.model.image,
        e2lanmac: '00:1d:ec:00:00:01',
        e2lanip: '127.0.0.1',
        e2servicename: box.liveTv?.service.name ?? '',
        e2tunerinfo: '',
      }),
    ),
  ),
})

/** `deviceinfo`: the first half of `about`. */
export const device: Method = ({ box }) => ({ json: deviceInfo(box) })

/** `statusinfo`: what the family watches; two answers are the words "true" and "false". */
export const statusInfo: Method = ({ box }) => {
  const service = box.standby ? null : (box.liveTv?.service ?? null)
  const [now] = service ? nowAndNext(service, boxSeconds(box)) : [null]
  const recording = box.timers.filter((timer) => timer.state === 2)
  const streams = [...box.clients]
  return {
    json: {
      volume: 60,
      muted: false,
      transcoding: false,
      currservice_filename: '',
      currservice_id: now?.id ?? -1,
      currservice_name: now ? jsonTitle(now.title) : 'N/A',
      currservice_station: service?.name ?? '',
      currservice_serviceref: service?.ref ?? '',
      currservice_begin: now ? clockText(box, now.beginSeconds) : '',
      currservice_end: now ? clockText(box, now.beginSeconds + now.durationSeconds) : '',
      ...(now && {
        currservice_begin_timestamp: now.beginSeconds,
        currservice_end_timestamp: now.beginSeconds + now.durationSeconds,
      }),
      currservice_description: now ? jsonDescription(now.short) : '',
      currservice_fulldescription: now ? jsonDescription(now.long) : '',
      inStandby: String(box.standby),
      isRecording: String(recording.length > 0),
      isStreaming: String(streams.length > 0),
      Recording_list: recording.map((timer) => `${timer.service.name}: ${timer.name}\n`).join(''),
      Streaming_list: streams.map((client) => `${client.ip}: ${client.service?.name ?? ''} - \n`).join(''),
    },
  }
}

/** `tunersignal`: of the family's tuner only; empty texts when it is idle. */
export const tunerSignal: Method = ({ box }) => {
  const live = box.standby ? null : box.liveTv
  const json = live
    ? { tunertype: 'DVB-S2', tunernumber: live.lease.tuner, snr: 84, snr_db: '12.60', agc: 71, ber: 0 }
    : { tunertype: '', tunernumber: '', snr: '', snr_db: '', agc: '', ber: '' }
  return {
    json: { ...json, inStandby: String(box.standby) },
    xml: element(
      'e2frontendstatus',
      '\n',
      fields({
        e2snrdb: live ? '12.60 dB' : '',
        e2snr: live ? '84 %' : '',
        e2ber: live ? '0' : '',
        e2acg: live ? '71 %' : '',
      }),
    ),
  }
}

/** `currenttime`: the cheapest call. */
export const currentTime: Method = ({ box }) => {
  const time = new Intl.DateTimeFormat('de-AT', {
    timeZone: box.model.timeZone,
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(boxSeconds(box) * 1000)
  return { json: { status: true, time }, xml: simpleResult(true, time) }
}

/** `getcurrent`: the family's service, now and next. */
export const getCurrent: Method = ({ box }) => {
  const service = box.liveTv?.service
  const [now, next] = service ? nowAndNext(service, boxSeconds(box)) : [null, null]
  const toJson = (event: typeof now): unknown =>
    event && service
      ? {
          id: event.id,
          begin_timestamp: event.beginSeconds,
          duration_sec: event.durationSeconds,
          title: jsonTitle(event.title),
          sref: service.ref,
          sname: service.name,
        }
      : { id: null, begin_timestamp: 0, duration_sec: 0, title: 'N/A', sref: '', sname: '' }
  return { json: { info: currentService(box), now: toJson(now), next: toJson(next) } }
}

/** `settings`: only what differs from the default, and secrets among it. */
export const settings: Method = ({ box }) => {
  const { settings } = box
  const pairs: [string, string][] = [
    ['config.OpenWebif.port', String(box.ports.web)],
    ['config.OpenWebif.streamport', String(box.ports.stream)],
    ['config.misc.initialchannelselection', 'False'],
    ['config.network.root_password_hint', 'do-not-store-me'],
    ['config.timezone.area', box.model.timeZone.split('/')[0] ?? ''],
    ['config.timezone.val', box.model.timeZone.split('/')[1] ?? ''],
  ]
  if (box.ports.tls)
    pairs.push(['config.OpenWebif.https_enabled', 'True'], ['config.OpenWebif.https_port', String(box.ports.tls)])
  if (settings.webAuth) pairs.push(['config.OpenWebif.auth', 'True'])
  if (settings.authForStreaming) pairs.push(['config.OpenWebif.auth_for_streaming', 'True'])
  if (settings.streamingAuth) pairs.push(['config.streaming.authentication', 'True'])
  if (box.model.relay) {
    pairs.push(['config.misc.softcam_streamrelay_port', String(box.ports.relay)])
    const list = [...box.model.relayWhitelist, ...box.model.services.filter((one) => one.relayed).map((one) => one.ref)]
    pairs.push(['whitelist_streamrelay', list.join(',')])
  }
  const xml = element(
    'e2settings',
    '\n',
    ...pairs.map(([name, value]) => element('e2setting', '\n', fields({ e2settingname: name, e2settingvalue: value }))),
  )
  return { json: { result: true, settings: pairs }, xml }
}

/** `powerstate`: asking is harmless, changing is not ours. */
export const powerState: Method = ({ box, parameters }) => {
  const wanted = parameters.get('newstate')
  if (wanted !== null) {
    box.counters.forbiddenCalls.push(`powerstate ${wanted}`)
    if (wanted === '0') box.standby = !box.standby
    if (wanted === '4') box.standby = false
    if (wanted === '5') box.standby = true
    if (box.standby) {
      box.liveTv?.lease.release()
      box.liveTv = null
    }
  }
  return {
    json: { result: true, instandby: box.standby },
    xml: element('e2powerstate', '\n', fields({ e2instandby: String(box.standby) })),
  }
}

/** `subservices`: none here, which the box says with its usual word. */
export const subServices: Method = () => ({
  json: { services: [{ servicereference: 'N/A', servicename: 'N/A' }] },
})

/** `serviceplayable`: asking it in standby makes a real box crash. */
export const servicePlayable: Method = ({ box, method }) => {
  box.counters.forbiddenCalls.push(method)
  return failed('Absturz')
}

/** The family's service as the box describes it; unknown numbers are the text "N/A". */
export function currentService(box: Box): Record<string, unknown> {
  const service = box.standby ? undefined : box.liveTv?.service
  const none = 'N/A'
  return {
    result: service !== undefined,
    name: service?.name ?? '',
    namespace: service?.transponder.namespace ?? 0,
    aspect: service ? 3 : none,
    provider: service?.provider ?? '',
    width: service?.recipe.video?.width ?? none,
    height: service?.recipe.video?.height ?? none,
    apid: service?.pids.audio[0] ?? none,
    vpid: service?.pids.video ?? none,
    pcrpid: service?.pids.pcr ?? none,
    pmtpid: service?.pids.pmt ?? none,
    txtpid: service?.pids.teletext ?? none,
    tsid: service?.transponder.tsid ?? none,
    onid: service?.transponder.onid ?? none,
    sid: service?.sid ?? none,
    ref: encodeURIComponent(service?.ref ?? ''),
    iswidescreen: service !== undefined,
    bqref: '',
    bqname: '',
    hbbtvurl: '',
  }
}

function deviceInfo(box: Box): Record<string, unknown> {
  const { model } = box
  const minutes = Math.floor((box.now() - box.startedAtMs) / 60_000)
  return {
    brand: model.brand,
    model: model.boxName,
    boxtype: 'vuduo4kse',
    machinebuild: 'vuduo4kse',
    lcd: 1,
    grabpip: 1,
    chipset: 'bcm7444s',
    friendlychipset: 'Broadcom 7444S',
    mem1: '2053304 kB',
    mem2: '1548332 kB frei / 2053304 kB gesamt',
    mem3: '1548332 kB free / 2053304 kB total',
    uptime: `${Math.floor(minutes / 1440)}d ${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`,
    webifver: 'OWIF 2.4.0',
    imagedistro: model.image,
    friendlyimagedistro: model.image,
    oever: 'OE-Alliance 5.4',
    imagever: '7.4',
    enigmaver: '2024-10-01',
    driverdate: '20240901',
    kernelver: '4.1.45',
    fp_version: null,
    transcoding: false,
    timerpipzap: true,
    allow_duplicate: true,
    timermargins: true,
    textinputsupport: true,
    live555Hls: false,
    live555Rtsp: false,
    tuners: Array.from({ length: model.frontends }, (_, tuner) => tunerInfo(box, tuner)),
    streams: [...box.clients].map((client) => ({
      ref: client.ref,
      name: client.service?.name ?? '<n/a>',
      eventname: eventName(box, client.service),
      ip: client.ip,
      type: 'S',
      tuner_number: client.tuner,
      transponder: client.service?.transponder.orbital ?? '',
    })),
    ifaces: [
      {
        name: 'eth0',
        friendlynic: 'Broadcom',
        linkspeed: '1 GBit/s',
        mac: '00:1d:ec:00:00:01',
        dhcp: true,
        ipv4method: 'DHCP',
        ip: '127.0.0.1',
        mask: '255.0.0.0',
        v4prefix: 8,
        gw: '127.0.0.1',
        ipv6: null,
        ipmethod: '',
        firstpublic: null,
      },
    ],
    hdd: [
      {
        model: 'ATA(ST1000LM035)',
        capacity: '916.8 GB',
        labelled_capacity: '1.0 TB',
        free: '512.3 GB',
        mount: '/media/hdd',
        friendlycapacity: '512.3 GB frei / 916.8 GB (1.0 TB) gesamt',
      },
    ],
    shares: [],
    EX: '',
  }
}

function tunerInfo(box: Box, tuner: number): Record<string, unknown> {
  const live = box.liveTv?.lease.tuner === tuner ? box.liveTv.service : null
  const recorded = box.timers.find((timer) => timer.lease?.tuner === tuner)
  const streamed = [...box.clients].find((client) => client.tuner === tuner)
  return {
    name: `Tuner ${String.fromCharCode(65 + tuner)}`,
    type: 'Vuplus DVB-S NIM(45308X FBC) (DVB-S2X)',
    rec: occupancy(recorded?.service),
    live: occupancy(live),
    stream: occupancy(streamed?.service),
  }
}

function occupancy(service: Service | null | undefined): string {
  return service ? `${service.transponder.orbital} / ${service.name}` : ''
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function eventName(box: Box, service: Service | null): string {
  const [now] = service ? nowAndNext(service, boxSeconds(box)) : [null]
  return now ? jsonTitle(now.title) : ''
}
