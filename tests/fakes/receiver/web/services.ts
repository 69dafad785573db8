import type { Bouquet, ReceiverModel } from '../model.ts'
import { countsAsChannel, findService } from '../model.ts'
import { FLAG_HIDDEN, FLAG_MARKER, parseServiceReference } from '../service-reference.ts'
import type { Call, Method } from './call.ts'
import { element, escapeXml, fields } from './text.ts'
import { piconName } from './picon.ts'

type ListedService = {
  pos: number
  servicename: string
  servicereference: string
  program: number
  picon?: string
  provider?: string
  startpos?: number
  streamrelay?: boolean
}

/** `bouquets`: pairs of reference and name. */
export const bouquets: Method = ({ box, parameters }) => {
  const kind = parameters.get('stype') === 'radio' ? 'radio' : 'tv'
  const shown = visible(box.model, kind)
  return {
    json: { bouquets: shown.map(({ ref, name }) => [ref, name]) },
    xml: serviceListXml(shown),
  }
}

/** `getservices`: the lines of a bouquet, or the bouquets themselves. */
export const getServices: Method = (call) => {
  const ref = call.parameters.get('sRef') ?? ''
  const listed = ref === '' || isRoot(ref) ? rootLines(call, ref) : bouquetLines(call, ref)
  return {
    json: {
      result: true,
      processingtime: '0:00:00.012345',
      pos: listed.filter((line) => line.pos > 0).length,
      services: listed,
    },
    xml: serviceListXml(listed.map((line) => ({ ref: line.servicereference, name: line.servicename }))),
  }
}

/** `getallservices`: every bouquet with its lines; numbers run on. */
export const getAllServices: Method = (call) => {
  const kind = call.parameters.get('type') === 'radio' ? 'radio' : 'tv'
  let offset = 0
  const services = visible(call.box.model, kind).map((bouquet) => {
    const subservices = bouquetLines(call, bouquet.ref).map((line) => ({ ...line, pos: line.pos && line.pos + offset }))
    offset += channelCount(bouquet)
    return { servicereference: bouquet.ref, servicename: bouquet.name, subservices }
  })
  const xml = element(
    'e2servicelistrecursive',
    '\n',
    ...services.map((bouquet) =>
      element(
        'e2bouquet',
        '\n',
        fields({ e2servicereference: bouquet.servicereference, e2servicename: bouquet.servicename }),
        serviceListXml(bouquet.subservices.map((line) => ({ ref: line.servicereference, name: line.servicename }))),
      ),
    ),
  )
  return { json: { result: true, processingtime: '0:00:00.045678', services }, xml }
}

/** `allservices`: everything the box ever found, by name. */
export const allServices: Method = ({ box, parameters }) => {
  const mode = parameters.get('mode') ?? 'tv'
  const services = box.model.services
    .filter((service) => mode === 'all' || (mode === 'radio') === (service.recipe.video === null))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((service) => ({ servicereference: service.ref, servicename: service.name }))
  return { json: { result: true, services } }
}

/** The bouquet with this reference; compared without regard to quotes' escaping or blanks at the end. */
export function findBouquet(model: ReceiverModel, ref: string): Bouquet | null {
  const wanted = ref.trim()
  return model.bouquets.find((bouquet) => bouquet.ref === wanted) ?? null
}

/** Whether the box's relay whitelist holds exactly this text. */
export function isWhitelisted(model: ReceiverModel, ref: string): boolean {
  return model.relayWhitelist.includes(ref) || model.services.some((service) => service.relayed && service.ref === ref)
}

function visible(model: ReceiverModel, kind: Bouquet['kind']): readonly Bouquet[] {
  return model.bouquets.filter((bouquet) => bouquet.kind === kind && !bouquet.hidden)
}

/** How many numbers a bouquet takes, hidden numbered markers included. */
function channelCount(bouquet: Bouquet): number {
  return bouquet.entries.filter((entry) => countsAsChannel(entry.ref)).length
}

function isRoot(ref: string): boolean {
  return /FROM BOUQUET "bouquets\.(tv|radio)"/.test(ref)
}

function rootLines(call: Call, ref: string): ListedService[] {
  let startpos = 0
  return visible(call.box.model, ref.includes('bouquets.radio') ? 'radio' : 'tv').map((bouquet, index) => {
    const line = { pos: index + 1, servicename: bouquet.name, servicereference: bouquet.ref, program: 0, startpos }
    startpos += channelCount(bouquet)
    return line
  })
}

function bouquetLines({ box, parameters }: Call, ref: string): ListedService[] {
  const bouquet = findBouquet(box.model, ref)
  if (!bouquet) return []
  const lines: ListedService[] = []
  let number = 0
  for (const entry of bouquet.entries) {
    const parsed = parseServiceReference(entry.ref)
    const flags = parsed?.flags ?? 0
    if (countsAsChannel(entry.ref)) number += 1
    if (flags & FLAG_HIDDEN && !parameters.has('hidden')) continue
    const service = parsed && findService(box.model, parsed)
    const isIptv = /%3a\/\//i.test(entry.ref)
    if (isIptv && parameters.has('noiptv')) continue
    lines.push({
      pos: flags & FLAG_MARKER ? 0 : number,
      servicename: entry.name,
      servicereference: parameters.has('removenamefromsref') ? withoutName(entry.ref) : entry.ref,
      program: parsed?.sid ?? 0,
      ...(parameters.has('picon') && { picon: `/picon/${piconName(entry.ref)}.png` }),
      ...((parameters.has('provider') || parameters.has('showproviders')) && { provider: service?.provider ?? '' }),
      ...(parameters.has('showstreamrelay') && { streamrelay: isWhitelisted(box.model, entry.ref) }),
    })
  }
  return lines
}

function withoutName(ref: string): string {
  return ref.split(':').slice(0, 10).join(':') + ':'
}

function serviceListXml(lines: readonly { readonly ref: string; readonly name: string }[]): string {
  const services = lines.map(({ ref, name }) =>
    element(
      'e2service',
      '\n',
      element('e2servicereference', escapeXml(ref)),
      '\n',
      element('e2servicename', escapeXml(name)),
      '\n',
    ),
  )
  return `${element('e2servicelist', '\n', services.join('\n'), '\n')}\n`
}
