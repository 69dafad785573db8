import { Failure } from '../../core/errors.ts'
import { checkPicture, pictureName } from '../../core/lineup/logo/pictures.ts'
import type { PictureDesk } from '../../core/lineup/logo/pictures.ts'

/** A PNG as far as anybody looks at its first bytes; `mark` tells several apart. */
export const aPicture = (mark = 1): Uint8Array<ArrayBuffer> =>
  Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, mark)

/** Pictures in memory; `web` has what the addresses of the test give. */
export function createMemoryPictures(web: Readonly<Record<string, Uint8Array>> = {}) {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  const asked: string[] = []
  const desk: PictureDesk = {
    async keep(bytes) {
      const name = await pictureName(checkPicture(bytes))
      kept.set(name, new Uint8Array(bytes))
      return name
    },
    async fetch({ href }) {
      asked.push(href)
      const bytes = web[href]
      if (bytes === undefined) throw new Failure('logo/no-picture', 'Cannot fetch the picture: its server answers 404')
      return checkPicture(bytes)
    },
  }
  return { desk, kept, asked }
}
