import { createHash } from 'node:crypto'
import { extname } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Asset } from '../pages.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** Packs one built file; compressed where that makes it smaller. Fails on a kind of file that has no content type here. */
export function packPage(path: string, bytes: Uint8Array): Asset {
  const contentType = CONTENT_TYPES[extname(path)]
  if (contentType === undefined) throw new TypeError(`Cannot serve "${path}": add its content type to page-file.ts`)
  const packed = gzipSync(bytes, { level: 9 })
  const gzip = packed.length < bytes.length
  return {
    contentType,
    gzip,
    tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 16),
    base64: Buffer.from(gzip ? packed : bytes).toString('base64'),
  }
}
