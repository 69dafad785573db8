import type { Box } from '../box.ts'
import { eventsBetween, GUIDE_DAYS, nowAndNext } from '../guide.ts'
import type { GuideEvent } from '../guide.ts'
import { findService } from '../model.ts'
import type { Service } from '../model.ts'
import { FLAG_GROUP, FLAG_HIDDEN, parseServiceReference } from '../service-reference.ts'
import { boxSeconds, clockText, failed, missing } from './call.ts'
import type { Answer, Call, Method } from './call.ts'
import { currentService } from './about.ts'
import { piconName } from './picon.ts'
import { findBouquet, isWhitelisted } from './services.ts'
import { element, escapeHtml, fields, jsonDescription, jsonTitle } from './text.ts'

/** A line of a bouquet and the service whose guide it shows; null for markers and what the box never heard of. */
type Line = { readonly ref: string; readonly name: string; readonly service: Service | null }

/** An event of a line; null where a service has nothing at that place. */
type Found = { readonly line: Line; readonly event: GuideEvent | null }

/** `epgservice`: the schedule of one service. `endTime` is in minutes; the first event is the one that is running. */
export const epgService: Method = (call) => {
  const line = lineOf(call)
  if (!line) return missing('sRef')
  const [from, to] = period(call, Number.POSITIVE_INFINITY)
  const found = scheduleOf(call.box, line, from, to)
  return detailed(call, found)
}

/** `epgservicenow`: with a `null` in the list when nothing runs. */
export const epgServiceNow: Method = (call) => momentOf(call, [0])

/** `epgservicenext`. */
export const epgServiceNext: Method = (call) => momentOf(call, [1])

/** `epgservicenownext`. */
export const epgServiceNowNext: Method = (call) => momentOf(call, [0, 1])

/** `epgnow`: one event for every visible line of a bouquet, empty ones included. */
export const epgNow: Method = (call) => bouquetMoment(call, [0])

/** `epgnext`. */
export const epgNext: Method = (call) => bouquetMoment(call, [1])

/** `epgnownext`: two events for every visible line. */
export const epgNowNext: Method = (call) => {
  const answer = bouquetMoment(call, [0, 1])
  return { ...answer, json: { ...(answer.json as object), info: currentService(call.box) } }
}

/** `epgmulti`: the schedule of a bouquet; without `endTime` everything. */
export const epgMulti: Method = (call) => bouquetSchedule(call, 'everything')

/** `epgbouquet`: the same, but without `endTime` one instant, or everything on some versions. */
export const epgBouquet: Method = (call) => bouquetSchedule(call, call.box.settings.epgbouquet)

/** `event`: one event of a service by its id. */
export const event: Method = (call) => {
  const ref = call.parameters.get('sref') ?? call.parameters.get('sRef')
  const id = Number(call.parameters.get('idev') ?? call.parameters.get('eventid'))
  const service = ref === null ? null : serviceOf(call.box, ref)
  const now = boxSeconds(call.box)
  const found = service && eventsBetween(service, now - 86_400, now + GUIDE_DAYS * 86_400).find((one) => one.id === id)
  if (!service || !found) return failed('Ereignis nicht gefunden')
  return {
    json: {
      event: {
        id: found.id,
        begin_str: clockText(call.box, found.beginSeconds),
        begin: found.beginSeconds,
        end: clockText(call.box, found.beginSeconds + found.durationSeconds),
        duration: found.durationSeconds,
        title: jsonTitle(found.title),
        shortdesc: jsonDescription(found.short),
        longdesc: jsonDescription(found.long),
        channel: service.name,
        sref: service.ref,
        genre: GENRES[found.genreId >> 4] ?? '',
        genreid: found.genreId,
        picon: `/picon/${piconName(service.ref)}.png`,
        timer: null,
        link: '',
        recording_margin_before: 3,
        recording_margin_after: 5,
      },
    },
  }
}

/** `epgsearch`: titles that contain the words, 128 at most. */
export const epgSearch: Method = (call) => {
  const words = call.parameters.get('search')
  if (words === null) return call.parameters.has('eventid') ? event(call) : missing('search')
  const now = boxSeconds(call.box)
  const found = call.box.model.services.flatMap((service) =>
    eventsBetween(service, now, now + GUIDE_DAYS * 86_400)
      .filter((one) => one.title.toLowerCase().includes(words.toLowerCase()))
      .map((one) => ({ line: { ref: service.ref, name: service.name, service }, event: one })),
  )
  return {
    json: {
      events: found.slice(0, 128).map((one) => ({ ...plain(call.box, one), now_timestamp: null })),
      result: true,
    },
  }
}

/** How many services a guide call touches: its cost on the box. */
export function guideBreadth(call: Call): number {
  const bouquet = findBouquet(call.box.model, call.parameters.get('bRef') ?? '')
  return bouquet ? bouquet.entries.length : 1
}

/** From and to of a schedule call, in epoch seconds; `missingMinutes` is what an absent `endTime` means. */
function period(call: Call, missingMinutes: number): readonly [number, number] {
  const now = boxSeconds(call.box)
  const time = Number(call.parameters.get('time') ?? -1)
  const from = Number.isFinite(time) && time >= 0 ? time : now
  const asked = Number(call.parameters.get('endTime') ?? 0)
  const minutes = asked === 0 || Number.isNaN(asked) ? missingMinutes : asked < 0 ? Number.POSITIVE_INFINITY : asked
  const horizon = now + GUIDE_DAYS * 86_400
  return [from, Math.min(horizon, from + minutes * 60)]
}

function bouquetSchedule(call: Call, withoutEnd: 'instant' | 'everything'): Answer {
  const lines = linesOf(call)
  if (!lines) return { json: { events: [], result: false }, xml: eventsXml(call.box, []) }
  // Here an epoch in endTime is tolerated: it means everything.
  const parameters = new URLSearchParams(call.parameters)
  if (Number(parameters.get('endTime')) > 100_000) parameters.set('endTime', '-1')
  const [from, to] = period({ ...call, parameters }, withoutEnd === 'instant' ? 1 / 60 : Number.POSITIVE_INFINITY)
  const found = lines.flatMap((line) => scheduleOf(call.box, line, from, to))
  return { json: { events: found.map((one) => plain(call.box, one)), result: true }, xml: eventsXml(call.box, found) }
}

function bouquetMoment(call: Call, places: readonly (0 | 1)[]): Answer {
  const lines = linesOf(call)
  if (!lines) return { json: { events: [], result: false }, xml: eventsXml(call.box, []) }
  const found = lines.flatMap((line) => {
    const pair = runningOn(call.box, line.service)
    return places.map((place) => ({ line, event: pair[place] ?? null }))
  })
  return {
    json: { events: found.map((one) => plain(call.box, one)), result: true, isplayable: [] },
    xml: eventsXml(call.box, found),
  }
}

function momentOf(call: Call, places: readonly (0 | 1)[]): Answer {
  const line = lineOf(call)
  if (!line) return missing('sRef')
  if (!line.service || line.service.guide === 'none') return detailed(call, [])
  const pair = runningOn(call.box, line.service)
  return detailed(
    call,
    places.map((place) => ({ line, event: pair[place] })),
  )
}

function runningOn(box: Box, service: Service | null): readonly [GuideEvent | null, GuideEvent | null] {
  return service && box.settings.clock === 'right' ? nowAndNext(service, boxSeconds(box)) : [null, null]
}

function scheduleOf(box: Box, line: Line, from: number, to: number): readonly Found[] {
  // A box that believes in 1970 has thrown its guide away.
  if (!line.service || box.settings.clock === '1970') return []
  return eventsBetween(line.service, from, to).map((event) => ({ line, event }))
}

/** Visible lines of the bouquet in `bRef`; null when there is none of that name. */
function linesOf({ box, parameters }: Call): readonly Line[] | null {
  const bouquet = findBouquet(box.model, parameters.get('bRef') ?? '')
  if (!bouquet) return null
  return bouquet.entries
    .filter(({ ref }) => ((parseServiceReference(ref)?.flags ?? 0) & FLAG_HIDDEN) === 0)
    .map(({ ref, name }) => ({ ref, name, service: serviceOf(box, ref) }))
}

function lineOf({ box, parameters }: Call): Line | null {
  const ref = parameters.get('sRef')
  if (!ref) return null
  const service = serviceOf(box, ref)
  return { ref, name: service?.name ?? '', service }
}

/** The service whose guide a reference shows: the first member of a group; IPTV lines borrow by their numbers. */
function serviceOf(box: Box, ref: string): Service | null {
  const parsed = parseServiceReference(ref)
  if (!parsed) return null
  if (parsed.flags & FLAG_GROUP) {
    const file = /FROM BOUQUET "([^"]+)"/.exec(ref)?.[1]
    const group = box.model.bouquets.find((bouquet) => file !== undefined && bouquet.ref.includes(`"${file}"`))
    const first = group?.entries[0]
    return first ? serviceOf(box, first.ref) : null
  }
  return (
    findService(box.model, parsed) ??
    // The guide's key has no namespace.
    box.model.services.find(
      ({ sid, transponder }) =>
        sid === parsed.sid && transponder.tsid === parsed.tsid && transponder.onid === parsed.onid,
    ) ??
    null
  )
}

/** The event object of bouquet calls. */
function plain(box: Box, { line, event }: Found): Record<string, unknown> {
  const now = boxSeconds(box)
  const base = {
    sref: line.ref,
    sname: escapeHtml(line.name),
    now_timestamp: now,
    streamrelay: isWhitelisted(box.model, line.ref),
  }
  if (!event) {
    return {
      id: null,
      begin_timestamp: 0,
      duration_sec: 0,
      title: 'N/A',
      shortdesc: '',
      longdesc: '',
      remaining: 0,
      genre: '',
      genreid: 0,
      ...base,
    }
  }
  return {
    id: event.id,
    begin_timestamp: event.beginSeconds,
    duration_sec: event.durationSeconds,
    title: jsonTitle(event.title),
    shortdesc: jsonDescription(event.short),
    longdesc: jsonDescription(event.long),
    remaining: event.beginSeconds + event.durationSeconds - now,
    genre: GENRES[event.genreId >> 4] ?? '',
    genreid: event.genreId,
    ...base,
  }
}

/** The answer of single-service calls, with their extra fields. A place without event is `null` in the list. */
function detailed({ box }: Call, found: readonly Found[]): Answer {
  const now = boxSeconds(box)
  const events = found.map((one) => {
    const { event, line } = one
    if (!event) return null
    const end = event.beginSeconds + event.durationSeconds
    const progress =
      event.durationSeconds > 0 ? Math.trunc(((now - event.beginSeconds) * 400) / event.durationSeconds) : 0
    return {
      ...plain(box, one),
      picon: `/picon/${piconName(line.ref)}.png`,
      date: new Intl.DateTimeFormat('de-AT', {
        timeZone: box.model.timeZone,
        weekday: 'short',
        day: '2-digit',
        month: '2-digit',
        year: 'numeric',
      }).format(event.beginSeconds * 1000),
      begin: clockText(box, event.beginSeconds),
      end: clockText(box, end),
      duration: Math.trunc(event.durationSeconds / 60),
      tleft: Math.max(0, Math.trunc((end - now) / 60)),
      progress: Math.min(400, Math.max(0, progress)),
    }
  })
  return { json: { events, result: true }, xml: eventsXml(box, found) }
}

function eventsXml(box: Box, found: readonly Found[]): string {
  const now = boxSeconds(box)
  const events = found.map(({ line, event }) => {
    const genre = event
      ? `<e2eventgenre id="${event.genreId}">${GENRES[event.genreId >> 4] ?? ''}</e2eventgenre>\n`
      : ''
    return element(
      'e2event',
      '\n',
      fields({
        e2eventid: event?.id ?? null,
        e2eventstart: event?.beginSeconds ?? null,
        e2eventduration: event?.durationSeconds ?? null,
        e2eventcurrenttime: now,
        e2eventtitle: event?.title ?? null,
        e2eventdescription: event?.short ?? null,
        e2eventdescriptionextended: event?.long ?? null,
        e2eventservicereference: line.ref,
        e2eventservicename: line.name,
      }),
      genre,
    )
  })
  return `${element('e2eventlist', '\n', events.join('\n'), '\n')}\n`
}

const GENRES: readonly string[] = [
  '',
  'Film/Drama',
  'Nachrichten',
  'Show',
  'Sport',
  'Kinder/Jugend',
  'Musik',
  'Kunst/Kultur',
]
