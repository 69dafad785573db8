import { isAdultGroup } from '../adult-group.ts'
import type { ChannelSubject } from './subject.ts'

/** A field of a channel whose values are texts; a channel may have several (groups, sources) or none. */
export type TextField = (subject: ChannelSubject) => readonly string[]

/** The fields that are compared as texts. */
export const TEXT_FIELDS: Readonly<Record<string, TextField>> = {
  name: ({ name }) => [name],
  group: ({ groups }) => groups,
  source: ({ sources }) => sources,
  media: ({ media }) => [media],
  id: ({ id }) => [id],
  country: (subject) => subject.country(),
  quality: (subject) => subject.quality(),
}

/** The fields that are compared as numbers. */
export const NUMBER_FIELDS = ['number', 'streams'] as const

/** The fields that are true or false, and stand alone. */
export const FLAG_FIELDS = {
  enabled: (subject: ChannelSubject) => subject.enabled,
  favourite: (subject: ChannelSubject) => subject.favourite,
  logo: (subject: ChannelSubject) => subject.hasLogo,
  guide: (subject: ChannelSubject) => subject.hasGuide,
  edited: (subject: ChannelSubject) => subject.isEdited,
  problem: (subject: ChannelSubject) => subject.hasProblem,
  adult: (subject: ChannelSubject) => subject.groups.some(isAdultGroup),
} as const

/** Name of a field that is compared as a number. */
export type NumberField = (typeof NUMBER_FIELDS)[number]
/** Name of a field that is true or false. */
export type FlagField = keyof typeof FLAG_FIELDS

/** The field that is searched by words: all of them are in the name, or the number begins with the text. */
export const WORDS_FIELD = 'text'

/** All names, for messages. */
export const FIELD_NAMES: readonly string[] = [
  ...Object.keys(TEXT_FIELDS),
  ...NUMBER_FIELDS,
  ...Object.keys(FLAG_FIELDS),
  WORDS_FIELD,
]
