import { decodeEntities } from '../../../core/entities.ts'

/**
 * Where the box says that a stream is: the first line of `stream.m3u` that begins with `http`, else the last one that
 * is not empty. Null if there is none, or if it is no URL.
 *
 * The user part, which is a session of the web port or the password, is dropped.
 * Source: OpenWebif, plugin/controllers/models/stream.py.
 */
export function readStreamPlaylist(text: string): URL | null {
  const lines = text
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const line = lines.find((one) => /^https?:\/\//i.test(one)) ?? lines.at(-1)
  const url = line === undefined ? null : URL.parse(decodeEntities(line))
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  url.username = ''
  url.password = ''
  return url
}
