import type { PageReader } from '../handlers/gateway.ts'

/** One file of the built web interface as `runtime/assets.gen.ts` carries it. `tag` changes with the bytes. */
export type Asset = {
  readonly contentType: string
  readonly gzip: boolean
  readonly tag: string
  readonly base64: string
  /** Only owners need it, where they work: a front does without. */
  readonly desk?: boolean
  /** Of a build that packs tighter than browsers and proxies understand everywhere: makes the file of the bytes. */
  readonly unpack?: (packed: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>
}

/** The web interface out of the generated module; each file is decoded at its first request. */
export function readPages(assets: Readonly<Record<string, Asset>>): PageReader | null {
  if (Object.keys(assets).length === 0) return null
  const decoded = new Map<string, Uint8Array<ArrayBuffer>>()
  const bytesOf = (path: string, { base64, unpack }: Asset): Uint8Array<ArrayBuffer> => {
    const known = decoded.get(path)
    if (known) return known
    const packed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const bytes = unpack === undefined ? packed : unpack(packed)
    decoded.set(path, bytes)
    return bytes
  }
  return {
    page(path) {
      const asset = Object.hasOwn(assets, path) ? assets[path] : undefined
      if (!asset) return null
      return { bytes: bytesOf(path, asset), contentType: asset.contentType, gzip: asset.gzip, tag: asset.tag }
    },
  }
}

/** The web interface of this build; the module is large, so it is loaded only where pages are served. */
export async function loadPages(): Promise<PageReader | null> {
  const { ASSETS } = await import('./assets.gen.ts')
  return readPages(ASSETS)
}
