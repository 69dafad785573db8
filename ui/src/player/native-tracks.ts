import * as v from 'valibot'
import { matchTrack } from './sound-track.ts'
import type { SoundChoice, SoundTrack, SoundWish } from './sound-track.ts'

/** HTML, 4.8.11.10.1; browsers that play HLS by themselves have it, and TypeScript does not name it. */
const NativeTrack = v.looseObject({
  id: v.string(),
  kind: v.string(),
  label: v.string(),
  language: v.string(),
  enabled: v.boolean(),
})

/** A track of the element, and how we speak of it. */
type Known = { readonly entry: object; readonly track: SoundTrack; readonly isHeard: boolean }

function knownOf(entry: unknown): Known | null {
  const read = v.safeParse(NativeTrack, entry)
  if (!read.success || typeof entry !== 'object' || entry === null) return null
  const { id, kind, label, language, enabled } = read.output
  const role = kind.includes('desc') ? 'description' : 'plain'
  const track = {
    id,
    name: label,
    language: language === '' ? null : language,
    role,
    codec: null,
    channels: null,
  } as const
  return { entry, track, isHeard: enabled }
}

/** The tracks of sound that the video element offers by itself; `changed` is told of them, and of each change. */
export function nativeTracks(
  video: object,
  {
    wish,
    signal,
    changed,
  }: {
    readonly wish: SoundWish | null
    readonly signal: AbortSignal
    readonly changed: (choice: SoundChoice) => void
  },
): { choose(id: string): void } {
  const list: unknown = Reflect.get(video, 'audioTracks')
  if (!(list instanceof EventTarget)) return { choose: () => {} }
  let wanted = wish
  const all = (): readonly Known[] =>
    Array.from({ length: Number(Reflect.get(list, 'length')) }, (_, index) => knownOf(Reflect.get(list, index))).filter(
      (known) => known !== null,
    )
  const enable = (id: string): void => {
    for (const { entry, track } of all()) Reflect.set(entry, 'enabled', track.id === id)
  }
  const tell = (): void => {
    const known = all()
    changed({ tracks: known.map(({ track }) => track), chosen: known.find(({ isHeard }) => isHeard)?.track.id ?? null })
  }
  const appeared = (): void => {
    const tracks = all().map(({ track }) => track)
    const wished = wanted === null ? null : matchTrack(tracks, wanted)
    if (wished !== null) enable(wished.id)
    tell()
  }
  for (const kind of ['addtrack', 'removetrack']) list.addEventListener(kind, appeared, { signal })
  list.addEventListener('change', tell, { signal })
  return {
    choose(id) {
      const found = all().find(({ track }) => track.id === id)
      if (found === undefined) return
      wanted = found.track
      enable(id)
    },
  }
}
