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

/** The list of segments of a stream, and that of its sound where it has one of its own. */
export type StreamLists = MediaList & { readonly sound: MediaList | null }

type Found = { readonly list: MediaPlaylist; readonly url: URL; readonly sound: URL | null }

/** Goes from what the address of a stream answers to its lists of segments. Fails with `source/*` or `live/refused`. */
export async function openMediaList({
  first,
  reopen,
  ask,
  name,
  maxBandwidth,
}: MediaListOptions): Promise<StreamLists> {
  const load = async (url: URL): Promise<LoadedText> => {
    const answer = await ask(url, {})
    if (answer.status === 200) return { text: await answer.text(LARGEST_PLAYLIST), url: answer.url }
    answer.close()
    throw new Failure('live/refused', `The provider answers the playlist of "${name}" with HTTP ${answer.status}`, {
      status: answer.status,
    })
  }
  const loadMedia = async (from: URL): Promise<{ readonly list: MediaPlaylist; readonly url: URL }> => {
    const { text, url } = await load(from)
    const list = readPlaylist(text, url)
    if (list.kind === 'media') return { list, url }
    throw new Failure('source/bad-answer', `The playlist of "${name}" leads to playlists only`)
  }
  /** From what the stream's address answers to the list of segments. */
  const descend = async ({ text, url }: LoadedText): Promise<Found> => {
    const playlist = readPlaylist(text, url)
    if (playlist.kind === 'media') return { list: playlist, url, sound: null }
    const variant = chooseVariant(playlist.variants, maxBandwidth)
    const sound = variant.sound?.href === variant.url.href ? null : variant.sound
    return { ...(await loadMedia(variant.url)), sound }
  }

  let found = await descend(first)
  const renew = async (): Promise<Found> => (found = await descend(await reopen()))
  /** Addresses behind redirects live for seconds: what was refused may be had from the start. */
  const reloading =
    (now: () => URL | null, again: () => Promise<MediaPlaylist>) => async (): Promise<MediaPlaylist> => {
      const url = now()
      try {
        if (url !== null) return (await loadMedia(url)).list
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'live/refused') throw error
      }
      return again()
    }

  const { sound } = found
  const openSound = async (from: URL): Promise<MediaList> => {
    let { list, url } = await loadMedia(from)
    const renewSound = async (): Promise<MediaPlaylist> => {
      ;({ list, url } = await loadMedia((await renew()).sound ?? url))
      return list
    }
    return { first: list, reload: reloading(() => url, renewSound) }
  }
  return {
    first: found.list,
    reload: reloading(
      () => found.url,
      async () => (await renew()).list,
    ),
    sound: sound === null ? null : await openSound(sound),
  }
}

/** The best variant. Fails with `source/bad-answer` if there is none. */
function chooseVariant(variants: readonly Variant[], maxBandwidth: number | null): Variant {
  const best = variants.toSorted(
    (a, b) => b.bandwidth - a.bandwidth || Number(a.sound !== null) - Number(b.sound !== null),
  )
  const chosen = best.find(({ bandwidth }) => bandwidth <= (maxBandwidth ?? Infinity)) ?? best.at(-1)
  if (chosen !== undefined) return chosen
  throw new Failure('source/bad-answer', 'The playlist of the stream is empty')
}
