import { folderMeaning } from './names/folders.ts'
import { numberedEpisode } from './names/episode-mark.ts'
import { withBlanks } from './names/clean-name.ts'

const endings = (list: string): ReadonlySet<string> => new Set(list.split(' '))

const MEDIA = endings(
  'mkv mk3d mka webm mp4 m4v m4a mov avi divx mpg mpeg mpe m2v m2p vob ts m2ts mts m2t tp trp wmv wma asf flv f4v ogv ' +
    'ogm ogg oga opus 3gp 3g2 rm rmvb dv mxf wtv mp3 flac wav aac ac3 mp2',
)
const PICTURES = endings('jpg jpeg png webp')
/** Folders that systems and network shares make, and the one of deleted files. */
const SYSTEM_FOLDERS = endings(
  '@eadir #recycle #snapshot @recycle @recently-snapshot $recycle.bin recycler lost+found plex\u00a0versions',
)
/** A file of this name says that its folder is not to be read (Android, Jellyfin, Emby). */
const KEEP_OUT = endings('.nomedia .ignore')
/** What belongs to a film or series, and is none: `theme.mp3` of Kodi, parts that are cut out of a film. */
const EXTRA_FILE =
  /^(?:theme|sample)$|^sample[-.]|[-.](?:sample|featurette|behindthescenes|deleted|deletedscene|interview|scene|short|extra|other)$/i

/** What a scan does with a file by its name. */
export type FileUse = 'media' | 'picture' | 'note' | 'nothing'

/**
 * What the name of a file makes of it: something to show, a picture beside it, a note (NFO), or nothing. Hidden files and
 * those that are being written under another ending (`.part`, `.!qB`, `~`) are nothing.
 */
export function fileUse(name: string): FileUse {
  if (name.startsWith('.') || name.startsWith('~')) return 'nothing'
  const ending = endingOf(name)
  if (PICTURES.has(ending)) return 'picture'
  if (ending === 'nfo') return 'note'
  return MEDIA.has(ending) && !EXTRA_FILE.test(stemOf(name)) ? 'media' : 'nothing'
}

/** Whether a folder of this name is read: hidden ones and those of systems are not. */
export const isReadFolder = (name: string): boolean =>
  !name.startsWith('.') && !SYSTEM_FOLDERS.has(name.toLowerCase()) && name !== 'System Volume Information'

/** Whether a folder with these files says that it is not to be read. */
export const keepsOut = (names: readonly string[]): boolean => names.some((name) => KEEP_OUT.has(name.toLowerCase()))

/**
 * Whether a file lies among extras of a film or series (`Film/Featurettes`, `Film/Sample`) and is no item. A shelf or a
 * series may be called so: not if the folder of no film is above it, if the folder of a season follows, or if the name
 * has the number of an episode.
 */
export function isExtra(path: string): boolean {
  const segments = path.split('/')
  const meanings = segments.slice(0, -1).map((segment) => folderMeaning(segment).kind)
  const at = meanings.findIndex(
    (kind, index) => kind === 'extras' && (meanings[index - 1] === 'name' || meanings[index - 1] === 'season'),
  )
  if (at < 0 || meanings.slice(at).includes('season')) return false
  return numberedEpisode(withBlanks(segments.at(-1) ?? '')) === null
}

/** Letters behind the last dot, in lower case; '': there are none. */
export function endingOf(name: string): string {
  const at = name.lastIndexOf('.')
  return at <= 0 ? '' : name.slice(at + 1).toLowerCase()
}

/** The name before its last dot. */
export function stemOf(name: string): string {
  const at = name.lastIndexOf('.')
  return at <= 0 ? name : name.slice(0, at)
}
