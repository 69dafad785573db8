import { Failure } from '../../core/errors.ts'
import { checkPicture, MAX_PICTURE_BYTES, pictureName } from '../../core/lineup/logo/pictures.ts'
import type { PictureDesk } from '../../core/lineup/logo/pictures.ts'
import { createHttpClient } from '../net/http-client.ts'
import type { PictureStore } from '../store/picture-store.ts'

const FETCH_TIMEOUT_MS = 20_000

/** What a desk needs. `ownPorts`: those of this program, which it never asks. */
export type PictureDeskOptions = {
  readonly store: PictureStore
  readonly ownPorts: () => readonly number[]
}

/** Takes the owner's pictures in. An address that the owner typed may be in the own network; where it leads to may not. */
export const createPictureDesk = ({ store, ownPorts }: PictureDeskOptions): PictureDesk => ({
  async keep(bytes) {
    const name = await pictureName(checkPicture(bytes))
    store.put(name, bytes)
    return name
  },
  async fetch(url, signal) {
    await using client = createHttpClient({
      typedHosts: [url.hostname],
      allowHosts: [],
      userAgent: 'downlink',
      ownPorts,
    })
    try {
      const until = AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)])
      const answer = await client.request(url, { named: 'typed', signal: until, maxBytes: MAX_PICTURE_BYTES })
      if (answer.status !== 200) {
        answer.close()
        throw new Failure('logo/no-picture', `Cannot fetch the picture: its server answers ${answer.status}`)
      }
      return checkPicture(await answer.bytes(MAX_PICTURE_BYTES))
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof Failure && cause.code === 'logo/no-picture') throw cause
      const reason = (cause instanceof Failure ? WHY[cause.code] : undefined) ?? 'its server takes too long'
      throw new Failure('logo/no-picture', `Cannot fetch the picture: ${reason}`, {}, cause)
    }
  },
})

const WHY: Readonly<Record<string, string>> = {
  'source/unreachable': 'its server does not answer',
  'source/bad-answer': 'its server answers what cannot be read, or more than 2 MiB',
  'source/forbidden-address': 'it is at an address that is not allowed',
}
