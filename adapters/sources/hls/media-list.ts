import { Failure } from '../../../core/errors.ts'
import { readPlaylist } from './playlist.ts'
import type { MediaPlaylist, Variant } from './playlist.ts'
import type { AskChild } from './segment-loader.ts'

/** A playlist as it came, and from where. */
export type LoadedText = { readonly text: string; readonly url: URL }

/** What finding the list of segments needs. */
export type MediaListOptions = {
  /** What the address of the stream answered. */
  readonly first: LoadedText
  /** Asks the address of the stream anew, redirects and all. */
  readonly reopen: () => Promise<LoadedText>
  /** Asks what a playlist names. */
  readonly ask: AskChild
  readonly name: string
  /** The best variant of at most so many bits a second is taken; null: the best. */
  readonly maxBandwidth: number | null
}

const LARGEST_PLAYLIST = 4 * 1024 * 1024

/** A media playlist, and how it is loaded again. */
export type MediaList = { readonly first: MediaPlaylist; readonly reload: () => Promise<MediaPlaylist> }

/** Goes from what the address of a stream answers to its list of segments. Fails with `source/*` or `live/refused`. */
export async function openMediaList({ first, reopen, ask, name, maxBandwidth }: MediaListOptions): Promise<MediaList> {
  const load = async (url: URL): Promise<LoadedText> => {
    const answer = await ask(url, {})
    if (answer.status === 200) return { text: await answer.text(LARGEST_PLAYLIST), url: answer.url }
    answer.close()
    throw new Failure('live/refused', `The provider answers the playlist of "${name}" with HTTP ${answer.status}`, {
      status: answer.status,
    })
  }
  /** From what the stream's address answers to the list of segments. */
  const descend = async ({ text, url }: LoadedText): Promise<{ list: MediaPlaylist; url: URL }> => {
    const playlist = readPlaylist(text, url)
    if (playlist.kind === 'media') return { list: playlist, url }
    const child = await load(chooseVariant(playlist.variants, maxBandwidth).url)
    const inner = readPlaylist(child.text, child.url)
    if (inner.kind === 'media') return { list: inner, url: child.url }
    throw new Failure('source/bad-answer', `The playlist of "${name}" leads to playlists only`)
  }

  let { list, url } = await descend(first)
  return {
    first: list,
    async reload() {
      try {
        const { text, url: from } = await load(url)
        const loaded = readPlaylist(text, from)
        if (loaded.kind === 'media') return loaded
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'live/refused') throw error
        // Addresses behind redirects live for seconds: what was refused may be had from the start.
      }
      ;({ list, url } = await descend(await reopen()))
      return list
    },
  }
}

/** The best variant with its sound within. Fails with `source/not-supported` if there is none. */
function chooseVariant(variants: readonly Variant[], maxBandwidth: number | null): Variant {
  const sounding = variants.filter(({ isSilent }) => !isSilent).toSorted((a, b) => b.bandwidth - a.bandwidth)
  const chosen = sounding.find(({ bandwidth }) => bandwidth <= (maxBandwidth ?? Infinity)) ?? sounding.at(-1)
  if (chosen !== undefined) return chosen
  if (variants.length === 0) throw new Failure('source/bad-answer', 'The playlist of the stream is empty')
  throw new Failure('source/not-supported', 'The stream has its sound in a playlist of its own')
}
