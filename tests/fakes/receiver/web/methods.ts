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
import { movieList } from './movies.ts'
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
  movielist: movieList,
  getlocations: ({ box }) => ({
    json: { locations: box.disk.locations, default: box.disk.locations[0], result: true },
  }),
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
