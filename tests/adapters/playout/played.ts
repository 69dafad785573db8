import { UnitReader } from '../../../core/linear/joiner/unit-reader.ts'

/** A picture or a frame of sound of a channel, as a viewer gets it: its name, and when it is shown (90 kHz, 33 bits). */
export type Shown = { readonly name: string; readonly pts90k: number; readonly isKey: boolean }

/** What a stream of `FakeEncoders` and `fakeSlate` shows. */
export function played(bytes: Uint8Array): { readonly pictures: readonly Shown[]; readonly sound: readonly Shown[] } {
  const pictures: Shown[] = []
  const sound: Shown[] = []
  const text = (from: number, unit: Uint8Array): string => new TextDecoder().decode(unit.subarray(from))
  const reader = new UnitReader(({ track, pts90k, isKey, bytes: unit }) => {
    if (track === null) pictures.push({ name: text(6, unit), pts90k, isKey })
    else sound.push({ name: text(7, unit), pts90k, isKey })
  })
  reader.push(bytes)
  reader.end()
  return { pictures, sound }
}

/** Runs of what follows each other: `a 0 … 1960` for a file, `slate` for a slate; each with the number of pictures. */
export function runsOf(
  shown: readonly Shown[],
): readonly { readonly what: string; readonly count: number; readonly first: Shown }[] {
  const runs: { what: string; count: number; first: Shown }[] = []
  let expected = ''
  for (const one of shown) {
    const [what = '', at = ''] = one.name.split('@')
    const last = runs.at(-1)
    const goesOn =
      last !== undefined && last.what === what && (at === '' || Math.abs(Number(at) - Number(expected)) <= 1)
    if (goesOn) last.count += 1
    else runs.push({ what, count: 1, first: one })
    expected = at === '' ? '' : String(Number(at) + 40)
  }
  return runs
}
