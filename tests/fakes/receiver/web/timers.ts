import type { Box } from '../box.ts'
import { eventsBetween } from '../guide.ts'
import { findService, transponderKey } from '../model.ts'
import type { Service } from '../model.ts'
import { parseServiceReference } from '../service-reference.ts'
import type { Timer } from '../timers.ts'
import { boxSeconds, failed, missing, simpleResult } from './call.ts'
import type { Answer, Call, Method } from './call.ts'

/** `timerlist`. */
export const timerList: Method = ({ box }) => ({
  json: {
    version: 2,
    result: true,
    timers: box.timers.map((timer) => timerJson(box, timer)),
    locations: box.disk.locations,
    default: '/media/hdd/movie/',
    tags: [],
  },
})

/** `timeradd`: refused with the list of conflicts when the tuners do not suffice. */
export const timerAdd: Method = (call) => {
  for (const name of ['sRef', 'begin', 'end', 'name']) if (!call.parameters.get(name)) return missing(name)
  const service = serviceIn(call, 'sRef')
  if (!service) return failed('Sender nicht gefunden')
  return add(call.box, newTimer(call, service))
}

/** `timeraddbyeventid`: with the margins of the box. */
export const timerAddByEventId: Method = (call) => {
  const service = serviceIn(call, 'sRef')
  if (!service) return missing('sRef')
  const id = Number(call.parameters.get('eventid'))
  const now = boxSeconds(call.box)
  const event = eventsBetween(service, now, now + 7 * 86_400).find((one) => one.id === id)
  if (!event) return failed('EventId nicht gefunden')
  return add(call.box, {
    service,
    name: event.title,
    description: event.short,
    begin: event.beginSeconds - 180,
    end: event.beginSeconds + event.durationSeconds + 300,
    eit: id,
    ...optionsOf(call),
    disabled: false,
    filename: null,
    state: 0,
    lease: null,
  })
}

/** `timerchange`: the old one is named by channel, begin and end. */
export const timerChange: Method = (call) => {
  const { box } = call
  const old = find(call, 'channelOld', 'beginOld', 'endOld')
  if (!old) return failed('Timer nicht gefunden')
  const service = serviceIn(call, 'sRef')
  if (!service) return missing('sRef')
  const changed = newTimer(call, service)
  const others = box.timers.filter((timer) => timer !== old)
  const conflicts = conflictsOf(box, changed, others)
  if (conflicts.length > 0) return conflict(box, [changed, ...conflicts])
  remove(box, old)
  box.timers.push(changed)
  return done('Timer geändert')
}

/** `timerdelete`. */
export const timerDelete: Method = (call) => {
  const timer = find(call, 'sRef', 'begin', 'end')
  if (!timer) return failed('Kein passender Timer gefunden')
  remove(call.box, timer)
  return done('Timer gelöscht')
}

/** `timertogglestatus`. */
export const timerToggleStatus: Method = (call) => {
  const timer = find(call, 'sRef', 'begin', 'end')
  if (!timer) return failed('Kein passender Timer gefunden')
  timer.disabled = !timer.disabled
  return { json: { result: true, message: 'Timer geändert', disabled: timer.disabled } }
}

/** `timercleanup`: forgets what has ended. */
export const timerCleanup: Method = ({ box }) => {
  box.timers.splice(0, box.timers.length, ...box.timers.filter((timer) => timer.state !== 3))
  return done('Liste bereinigt')
}

function add(box: Box, timer: Timer): Answer {
  const conflicts = conflictsOf(box, timer, box.timers)
  if (conflicts.length > 0) return conflict(box, [timer, ...conflicts])
  box.timers.push(timer)
  return done('Timer hinzugefügt')
}

function done(message: string): Answer {
  return { json: { result: true, message }, xml: simpleResult(true, message) }
}

/** The box names the timer that was asked for first. Source: OpenPLi, lib/python/TimerSanityCheck.py. */
function conflict(box: Box, conflicts: readonly Timer[]): Answer {
  return {
    json: {
      result: false,
      message: 'Konflikt mit vorhandenen Timern',
      conflicts: conflicts.map((timer) => ({
        serviceref: timer.service.ref,
        servicename: timer.service.name,
        name: timer.name,
        begin: timer.begin,
        end: timer.end,
        realbegin: dateText(box, timer.begin),
        realend: dateText(box, timer.end),
      })),
    },
    xml: simpleResult(false, 'Konflikt mit vorhandenen Timern'),
  }
}

/** Timers on other transponders that, together with this one, want more tuners than there are. */
function conflictsOf(box: Box, timer: Timer, others: readonly Timer[]): readonly Timer[] {
  const key = transponderKey(timer.service.transponder)
  const rivals = others.filter(
    (other) =>
      !other.disabled &&
      other.state !== 3 &&
      other.begin < timer.end &&
      other.end > timer.begin &&
      transponderKey(other.service.transponder) !== key,
  )
  // The tightest instant is the beginning of one of them.
  for (const { begin } of [timer, ...rivals]) {
    if (begin < timer.begin) continue
    const running = rivals.filter((other) => other.begin <= begin && other.end > begin)
    const wanted = new Set(running.map((other) => transponderKey(other.service.transponder))).size + 1
    if (wanted > box.model.frontends) return running
  }
  return []
}

function remove(box: Box, timer: Timer): void {
  timer.lease?.release()
  timer.lease = null
  if (timer.state === 2) box.disk.end(timer)
  box.timers.splice(box.timers.indexOf(timer), 1)
}

function newTimer({ parameters }: Call, service: Service): Timer {
  return {
    service,
    name: parameters.get('name') ?? '',
    description: parameters.get('description') ?? '',
    begin: Number(parameters.get('begin')),
    end: Number(parameters.get('end')),
    eit: Number(parameters.get('eit') ?? 0),
    ...optionsOf({ parameters }),
    filename: null,
    disabled: parameters.get('disabled') === '1',
    state: 0,
    lease: null,
  }
}

function optionsOf({ parameters }: Pick<Call, 'parameters'>) {
  return {
    justplay: parameters.get('justplay') === '1',
    repeated: Number(parameters.get('repeated') ?? 0),
    tags: parameters.get('tags') ?? '',
    dirname: parameters.get('dirname') || null,
    afterevent: Number(parameters.get('afterevent') ?? 3),
  }
}

function serviceIn({ box, parameters }: Call, name: string): Service | null {
  const ref = parseServiceReference(parameters.get(name) ?? '')
  return ref && findService(box.model, ref)
}

function find(call: Call, ref: string, begin: string, end: string): Timer | null {
  const service = serviceIn(call, ref)
  const at = (name: string): number => Number(call.parameters.get(name))
  return (
    call.box.timers.find((one) => one.service === service && one.begin === at(begin) && one.end === at(end)) ?? null
  )
}

function timerJson(box: Box, timer: Timer): Record<string, unknown> {
  return {
    serviceref: timer.service.ref,
    servicename: timer.service.name,
    eit: timer.eit,
    name: timer.name,
    description: timer.description,
    descriptionextended: 'N/A',
    disabled: timer.disabled ? 1 : 0,
    begin: timer.begin,
    end: timer.end,
    duration: timer.end - timer.begin,
    startprepare: timer.begin - 20.5,
    justplay: timer.justplay ? 1 : 0,
    afterevent: timer.afterevent,
    dirname: timer.dirname ?? 'None',
    tags: timer.tags,
    logentries: [],
    backoff: 0,
    firsttryprepare: '',
    state: timer.state,
    repeated: timer.repeated,
    dontsave: 0,
    cancelled: false,
    toggledisabled: timer.disabled ? 0 : 1,
    toggledisabledimg: timer.disabled ? 'on' : 'off',
    filename: timer.filename,
    nextactivation: null,
    realbegin: dateText(box, timer.begin),
    realend: dateText(box, timer.end),
    asrefs: '',
    always_zap: -1,
    pipzap: -1,
    isAutoTimer: -1,
    allow_duplicate: 1,
    recordingtype: 'normal',
    ice_timer_id: -1,
    marginbefore: 180,
    marginafter: 300,
    eventbegin: timer.begin + 180,
    eventend: timer.end - 300,
    hasendtime: true,
  }
}

function dateText(box: Box, seconds: number): string {
  return new Intl.DateTimeFormat('de-AT', {
    timeZone: box.model.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(seconds * 1000)
}
