import * as v from 'valibot'
import { commonKeys } from '../../../core/source-kinds/common.ts'
import { enigma2Schema } from '../../../core/source-kinds/enigma2.ts'
import { guideFeedSchema } from '../../../core/source-kinds/guide-feed.ts'
import { m3uSchema } from '../../../core/source-kinds/m3u.ts'
import { mediaFolderSchema } from '../../../core/source-kinds/media.ts'
import { stalkerSchema } from '../../../core/source-kinds/stalker.ts'
import { xtreamSchema } from '../../../core/source-kinds/xtream.ts'
import type { FieldSpec, MappingSchema } from '../forms/describe-field.ts'
import type { SeatAnswer } from './answers.ts'
import { macRows } from './mac-rows.ts'
import type { SourceKind } from './paste.ts'
import { words } from './words.ts'

// Checks over several keys (`url` or `file`) are left to the gateway, which also knows what it keeps.
const SCHEMAS: Readonly<Record<SourceKind, MappingSchema>> = {
  enigma2: v.strictObject({ ...commonKeys.entries, ...enigma2Schema.entries }),
  m3u: v.strictObject({ ...commonKeys.entries, ...m3uSchema.entries }),
  xtream: v.strictObject({ ...commonKeys.entries, ...xtreamSchema.entries }),
  stalker: v.strictObject({ ...commonKeys.entries, ...stalkerSchema.entries }),
  media: v.strictObject({ ...commonKeys.entries, ...mediaFolderSchema.entries }),
}

/** The kinds that a form exists for, in the order in which they are offered. */
export const SOURCE_KINDS: readonly SourceKind[] = ['enigma2', 'm3u', 'xtream', 'stalker', 'media']

/** Whether a form exists for a kind. */
export const isSourceKind = (kind: string): kind is SourceKind => SOURCE_KINDS.some((one) => one === kind)

/** Schema of a kind's keys, as the configuration reads them. */
export const schemaOf = (kind: SourceKind): MappingSchema => SCHEMAS[kind]

/** Schema of a guide document's keys. */
export const feedSchema: MappingSchema = v.omit(guideFeedSchema, ['id', 'file'])

const advanced = true

function ownSpecs(kind: SourceKind, seats: readonly SeatAnswer[]): readonly FieldSpec[] {
  const { fields, should } = words()
  const userAgent = { key: 'userAgent', label: fields.userAgent, advanced }
  const login = [
    { key: 'username', label: fields.username },
    { key: 'password', label: fields.password, kind: 'secret' },
  ] as const
  switch (kind) {
    case 'enigma2':
      return [
        { key: 'url', label: fields.url, should: should.receiver, placeholder: 'http://192.168.1.20' },
        ...login,
        { key: 'bouquets', label: fields.bouquets, help: fields.bouquetsHelp, advanced },
        { key: 'radio', label: fields.radio, advanced },
        { key: 'streamPort', label: fields.streamPort, should: should.port, advanced },
        { key: 'streamUrl', label: fields.streamUrl, should: should.receiver, advanced },
        { key: 'relayPort', label: fields.relayPort, should: should.port, advanced },
      ]
    case 'm3u':
      return [
        { key: 'url', label: fields.url, should: should.list, placeholder: 'http://tv.example.org/list.m3u' },
        { key: 'file', label: fields.file, help: fields.fileHelp, advanced },
        { key: 'guideUrl', label: fields.guideUrl, help: fields.guideHelp, should: should.list },
        userAgent,
        { key: 'timezone', label: fields.timezone, should: should.zone, advanced },
      ]
    case 'xtream':
      return [
        { key: 'url', label: fields.url, should: should.panel, placeholder: 'http://tv.example.org:8080' },
        ...login,
        { key: 'vod', label: fields.vod },
        { key: 'output', label: fields.output, advanced },
        userAgent,
      ]
    case 'stalker':
      return [
        { key: 'url', label: fields.url, should: should.portal, placeholder: 'http://portal.example/c/' },
        {
          key: 'macs',
          label: fields.macs,
          kind: 'rows',
          rows: macRows(seats),
          should: should.macs,
          placeholder: '00:1A:79:12:34:56',
        },
        { key: 'streamsPerMac', label: fields.streamsPerMac, help: fields.streamsPerMacHelp, advanced },
        { key: 'proxy', label: fields.proxy, should: should.receiver, advanced },
        { key: 'timezone', label: fields.timezone, should: should.zone, advanced },
        { key: 'radio', label: fields.radio, advanced },
      ]
    case 'media':
      return [
        {
          key: 'path',
          label: fields.folder,
          help: fields.folderHelp,
          should: should.folder,
          placeholder: '/srv/films',
        },
      ]
    default:
      return kind satisfies never
  }
}

/** The fields of a kind's form, with those that every source has. `seats`: what is known of its accounts. */
export function specsOf(kind: SourceKind, seats: readonly SeatAnswer[] = []): readonly FieldSpec[] {
  const { fields } = words()
  return [
    { key: 'name', label: fields.name },
    ...ownSpecs(kind, seats),
    { key: 'maxStreams', label: fields.maxStreams, advanced },
    { key: 'priority', label: fields.priority, help: fields.priorityHelp, advanced },
    ...(kind === 'media' ? [] : networkSpecs()),
  ]
}

/** What makes no sense for files of this machine. */
function networkSpecs(): readonly FieldSpec[] {
  const { fields, units } = words()
  return [
    { key: 'bufferSeconds', label: fields.bufferSeconds, help: fields.bufferHelp, unit: units.seconds, advanced },
    { key: 'allowHosts', label: fields.allowHosts, advanced },
  ]
}

/** The fields of a guide document's form. */
export function feedSpecs(): readonly FieldSpec[] {
  const { fields, units, guides, should } = words()
  return [
    { key: 'name', label: fields.name },
    { key: 'url', label: guides.url, should: should.list, placeholder: 'http://tv.example.org/guide.xml.gz' },
    { key: 'refreshHours', label: fields.refreshHours, unit: units.hours, advanced },
    { key: 'shiftMinutes', label: fields.shiftMinutes, unit: units.minutes, advanced },
    { key: 'language', label: fields.language, advanced },
    { key: 'priority', label: fields.priority, help: fields.priorityHelp, advanced },
    { key: 'userAgent', label: fields.userAgent, advanced },
    { key: 'allowHosts', label: fields.allowHosts, advanced },
  ]
}
