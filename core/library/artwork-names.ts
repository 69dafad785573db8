import { endingOf, stemOf } from './media-files.ts'
import type { MediaKind } from './media-item.ts'
import { folderMeaning } from './names/folders.ts'

/** Names of pictures that stand for a whole folder, best first: posters before wide pictures. */
const OF_FOLDER = ['poster', 'folder', 'cover', 'movie', 'show', 'default', 'landscape', 'thumb', 'fanart', 'backdrop']
/** What stands behind the name of the file itself, best first. */
const OF_FILM = ['-poster', '-cover', '', '-landscape', '-thumb', '-fanart']
const OF_EPISODE = ['-thumb', '', '-landscape', '-poster', '-fanart']
const ENDINGS = ['jpg', 'jpeg', 'png', 'webp']
/** A series lies at most so far above its episodes. */
const MOST_ABOVE = 2

/**
 * The picture that lies beside a file or in a folder above it, as a path in the library; null: there is none.
 *
 * `pictures` gives the names of the pictures in a folder ('': the library's own). The file's own come first
 * (`Film-poster.jpg`, `Film.jpg`, `Episode-thumb.jpg`), then the season's (`season02-poster.jpg`), then the folder's
 * (`poster.jpg`, `folder.jpg`, `fanart.jpg`). A shelf with many films has no picture for them, and fillers have only
 * their own. Source: Kodi wiki, "Artwork", and Jellyfin's documentation on local images.
 */
export function artworkBeside(
  file: { readonly path: string; readonly kind: MediaKind; readonly season: number | null },
  pictures: (folder: string) => readonly string[],
): string | null {
  const segments = file.path.split('/')
  const stem = stemOf(segments.at(-1) ?? '').toLowerCase()
  const folders = segments.slice(0, -1)
  const own = find(
    pictures(folders.join('/')),
    (file.kind === 'episode' ? OF_EPISODE : OF_FILM).map((ending) => stem + ending),
  )
  if (own !== null) return [...folders, own].join('/')
  if (file.kind === 'filler') return null
  const above = file.kind === 'episode' ? MOST_ABOVE : 1
  for (let depth = folders.length; depth > Math.max(0, folders.length - above); depth--) {
    const meaning = folderMeaning(folders[depth - 1] ?? '').kind
    if (meaning === 'shelf' || meaning === 'filler') return null
    const path = folders.slice(0, depth)
    const found = find(pictures(path.join('/')), [...seasonNames(file.season), ...OF_FOLDER])
    if (found !== null) return [...path, found].join('/')
  }
  return null
}

function seasonNames(season: number | null): readonly string[] {
  if (season === null) return []
  const names = season === 0 ? ['season-specials', 'season00'] : [`season${String(season).padStart(2, '0')}`]
  return names.flatMap((name) => [`${name}-poster`, name, `${name}-landscape`, `${name}-fanart`])
}

function find(names: readonly string[], stems: readonly string[]): string | null {
  for (const stem of stems)
    for (const ending of ENDINGS) {
      const found = names.find((name) => endingOf(name) === ending && stemOf(name).toLowerCase() === stem)
      if (found !== undefined) return found
    }
  return null
}
