import type { Box } from '../box.ts'
import { tune } from '../box.ts'
import { findService } from '../model.ts'
import { parseServiceReference } from '../service-reference.ts'
import {
  about,
  currentTime,
  device,
  getCurrent,
  powerState,
  servicePlayable,
  settings,
  statusInfo,
  subServices,
  tunerSignal,
} from './about.ts'
import { failed, missing, simpleResult } from './call.ts'
import type { Method } from './call.ts'
import * as guide from './guide.ts'
import { allServices, bouquets, getAllServices, getServices } from './services.ts'
import * as timers from './timers.ts'

/** Methods of /api and /web by name. */
export const methods: Readonly<Record<string, Method>> = {
  about,
  deviceinfo: device,
  statusinfo: statusInfo,
  tunersignal: tunerSignal,
  signal: tunerSignal,
  currenttime: currentTime,
  getcurrent: getCurrent,
  settings,
  powerstate: powerState,
  subservices: subServices,
  streamsubservices: subServices,
  serviceplayable: servicePlayable,
  servicelistplayable: servicePlayable,
  zap: (call) => {
    const ref = call.parameters.get('sRef')
    if (!ref) return missing('sRef')
    call.box.counters.forbiddenCalls.push('zap')
    const isDone = watchLiveTv(call.box, ref)
    const message = isDone ? 'Aktiver Kanal ist nun geändert' : 'Kanal nicht gefunden'
    return { json: { result: isDone, message }, xml: simpleResult(isDone, message) }
  },
  bouquets,
  getservices: getServices,
  getallservices: getAllServices,
  allservices: allServices,
  epgservice: guide.epgService,
  epgservicenow: guide.epgServiceNow,
  epgservicenext: guide.epgServiceNext,
  epgservicenownext: guide.epgServiceNowNext,
  epgnow: guide.epgNow,
  epgnext: guide.epgNext,
  epgnownext: guide.epgNowNext,
  epgmulti: guide.epgMulti,
  epgbouquet: guide.epgBouquet,
  epgsearch: guide.epgSearch,
  event: guide.event,
  timerlist: timers.timerList,
  timeradd: timers.timerAdd,
  timeraddbyeventid: timers.timerAddByEventId,
  timerchange: timers.timerChange,
  timerdelete: timers.timerDelete,
  timertogglestatus: timers.timerToggleStatus,
  timercleanup: timers.timerCleanup,
  movielist: ({ box, parameters }) => {
    const directory = parameters.get('dirname') ?? '/media/hdd/movie/'
    const recordings = box.model.recordings.filter(({ file }) => file.startsWith(directory))
    const movies = recordings.map((recording) => ({
      filename: recording.file,
      filename_stripped: recording.file.slice(recording.file.lastIndexOf('/') + 1),
      serviceref: `1:0:0:0:0:0:0:0:0:0:${recording.file}`,
      length: `${Math.floor(recording.seconds / 60)}:${String(recording.seconds % 60).padStart(2, '0')}`,
      lastseen: 0,
      filesize: recording.seconds * 200_000,
      filesize_readable: `${(recording.seconds / 5000).toFixed(1)} GB`,
      recordingtime: Math.floor(recording.beginMs / 1000),
      begintime: new Date(recording.beginMs).toISOString(),
      eventname: recording.title,
      servicename: recording.service.name,
      tags: '',
      fullname: `1:0:0:0:0:0:0:0:0:0:${recording.file}`,
      description: recording.description,
      descriptionExtended: '',
    }))
    return { json: { movies, bookmarks: [], directory, recursive: parameters.has('recursive') } }
  },
  getlocations: () => ({ json: { locations: ['/media/hdd/movie/'], default: '/media/hdd/movie/', result: true } }),
  epgmultichannelnownext: () => failed("{'events': []}"),
}

/** Lets the family watch a service (it holds a tuner until it is changed); false when no tuner is free or it is unknown. */
export function watchLiveTv(box: Box, ref: string | null): boolean {
  const parsed = ref === null ? null : parseServiceReference(ref)
  const service = parsed && findService(box.model, parsed)
  if (ref !== null && !service) return false
  box.liveTv?.lease.release()
  box.liveTv = null
  if (!service || !parsed) return true
  const tuned = tune(box, { ...parsed, flags: 0 }, 'live')
  if (!tuned) return false
  box.standby = false
  box.liveTv = { service, lease: tuned.lease }
  return true
}
