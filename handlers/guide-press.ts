import { shareDocument } from './shared-document.ts'
import type { SharedDocument } from './shared-document.ts'
import { textStream } from './text-stream.ts'

/** Prints guides: each view of a version once, compressed, for all who ask. */
export interface GuidePress {
  /** The gzip-compressed document of this version and view; `write` is called if it is not there yet. */
  print(version: string, view: string, write: () => AsyncIterator<string>): SharedDocument
}

/** Callers with tokens of their own have views of their own (their pictures' URLs): the least used go first. */
const MOST_HELD_BYTES = 32 * 1024 * 1024

/**
 * A press that keeps the newest version only, up to 32 MiB of compressed documents.
 *
 * `shareUnfinished`: whether readers may join a document that another request is still making. Edge platforms end the
 * work of a request that is gone, so there each makes its own until one is finished.
 */
export function createGuidePress({ shareUnfinished }: { readonly shareUnfinished: boolean }): GuidePress {
  let current = ''
  const documents = new Map<string, SharedDocument>()

  const keep = (version: string, view: string, document: SharedDocument): void => {
    if (version !== current) return
    documents.delete(view)
    documents.set(view, document) // the last in the map is the one used last
    let held = 0
    for (const [other, { held: bytes }] of [...documents].toReversed()) {
      held += bytes()
      if (held > MOST_HELD_BYTES && other !== view) documents.delete(other)
    }
  }

  return {
    print(version, view, write) {
      if (version !== current) {
        current = version
        documents.clear()
      }
      const known = documents.get(view)
      if (known !== undefined) {
        keep(version, view, known)
        return known
      }
      const document = shareDocument(textStream(write()).pipeThrough(new CompressionStream('gzip')))
      if (shareUnfinished) keep(version, view, document)
      void document.finished.then((isWhole) => {
        if (isWhole) keep(version, view, document)
        else if (documents.get(view) === document) documents.delete(view)
      })
      return document
    },
  }
}
