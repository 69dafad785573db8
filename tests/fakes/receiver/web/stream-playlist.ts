import { parseServiceReference } from '../service-reference.ts'
import type { Call } from './call.ts'
import { isWhitelisted } from './services.ts'

/** The body of `/web/stream.m3u` and its type. Source: OpenWebif, plugin/controllers/models/stream.py. */
export function streamPlaylist(call: Call): { readonly type: string; readonly body: string } {
  const { box, parameters, host } = call
  const isFirst = box.settings.playlist === 'v1'
  const name = parameters.get('name')
  const asked = parameters.get('ref') ?? ''
  const ref = memberOf(call, decodeTwice(asked))
  const sid = parseServiceReference(ref)?.sid ?? 0
  const lines = [
    '#EXTM3U ',
    isFirst ? '#EXTVLCOPT--http-reconnect=true ' : '#EXTVLCOPT:http-reconnect=true ',
    ...(name ? [`#EXTINF:-1,${name}`] : []),
    ...(sid ? [`#EXTVLCOPT:program=${sid}`] : []),
    streamUrl(call, host, ref),
  ]
  return { type: isFirst ? 'application/text' : 'application/vnd.apple.mpegurl', body: `${lines.join('\n')}\n` }
}

function streamUrl({ box, session }: Call, host: string, ref: string): string {
  const relayMark = /http:\/\/(127\.0\.0\.1|localhost):17999\//i
  if (box.settings.playlist === 'v2' && relayMark.test(ref)) {
    const inner = ref.slice(ref.search(relayMark)).replace(relayMark, '')
    return `http://${host}:${box.ports.relay}/${inner.replace(/::?[^:]*$/, ':')}`
  }
  if (box.model.relay && isWhitelisted(box.model, ref)) return `http://${host}:${box.ports.relay}/${ref}`
  // The provider's own URL, with the channel's name still glued to it.
  const url = /:(https?:\/\/.*)$/is.exec(ref)?.[1]
  if (url !== undefined) return url
  const credentials = box.settings.authForStreaming ? `-sid:${session}@` : ''
  return `http://${credentials}${host}:${box.ports.stream}/${ref}`
}

/** For a group the member that can be played; here its first. */
function memberOf({ box }: Call, ref: string): string {
  const file = /^1:134:.*FROM BOUQUET "([^"]+)"/.exec(ref)?.[1]
  if (file === undefined) return ref
  return box.model.bouquets.find((bouquet) => bouquet.ref.includes(`"${file}"`))?.entries[0]?.ref ?? ref
}

function decodeTwice(text: string): string {
  return decodeOnce(decodeOnce(text))
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone per cent sign stays what it is
  }
}
