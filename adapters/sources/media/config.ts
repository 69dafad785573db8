import * as v from 'valibot'
import type { SourceBase } from '../../../core/config/sources.ts'
import { Failure } from '../../../core/errors.ts'
import { readChannelDoc } from '../../../core/linear/document.ts'
import { mediaFolderSchema } from '../../../core/source-kinds/media.ts'

type Mapping = Readonly<Record<string, unknown>>

/**
 * The keys of a source of kind `media`, beside those that every source has (contract §2): the folder, and the documents of
 * channels that the file manages. They stay as they are written: what is left out of them depends on the house.
 *
 * A document that is wrong fails with `config/invalid`, naming the key in it.
 */
export const mediaSchema = v.strictObject({
  ...mediaFolderSchema.entries,
  channels: v.optional(
    v.pipe(
      v.array(v.record(v.string(), v.unknown(), 'the document of a channel'), 'a list of channels'),
      v.maxLength(1000, 'at most 1000 channels'),
      v.transform((channels): readonly Mapping[] => readChannels(channels)),
    ),
    [],
  ),
})

/** The keys of the kind, read. */
export type MediaSettings = v.InferOutput<typeof mediaSchema>

/** A library as configured. */
export type MediaConfig = SourceBase<'media'> & { readonly settings: MediaSettings }

/** Throws: only so can the document's own sentence, which names a key deep inside, be told as it is. */
function readChannels(channels: readonly Mapping[]): readonly Mapping[] {
  const seen = new Map<string, number>()
  for (const [index, channel] of channels.entries()) {
    const key = `channels[${index}]`
    const { id } = readOne(channel, key)
    const first = seen.get(id)
    if (first !== undefined)
      throw new Failure(
        'config/invalid',
        `${key}.id: should be an id of its own; channels[${first}] has "${id}" already`,
      )
    seen.set(id, index)
  }
  return channels
}

function readOne(channel: Mapping, key: string): { readonly id: string } {
  try {
    return readChannelDoc(channel, { key })
  } catch (error) {
    if (error instanceof Failure && error.code === 'linear/invalid')
      throw new Failure('config/invalid', error.message, error.facts, error)
    throw error
  }
}
