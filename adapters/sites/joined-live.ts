import { Failure } from '../../core/errors.ts'
import type { Channel } from '../../core/lineup/channel.ts'
import type { HlsRequest, LiveLink } from '../../core/live/link.ts'
import { siteOfKey, toSiteChannel } from '../../core/sites/site-keys.ts'
import type { Site } from './site.ts'

/** The way to the bytes of channels of several sites: each is asked for at its own, by the site's own id. */
export function joinLive(sites: readonly Site[]): LiveLink {
  const linkOf = (channel: Channel): LiveLink => {
    const site = sites.find(({ number }) => number === siteOfKey(channel.key))
    if (site === undefined) throw new Failure('live/no-adapter', `No site has the channel "${channel.name}"`)
    return site.live
  }
  return {
    ts: (request) => linkOf(request.channel).ts({ ...request, channel: toSiteChannel(request.channel) }),
    async hls(request: HlsRequest) {
      const own = toSiteChannel(request.channel)
      const answer = await linkOf(request.channel).hls({ ...request, channel: own })
      // Only the first list names the channel; what it leads to is relative to it.
      if (answer.kind !== 'response' || request.path !== '' || answer.response.status !== 200) return answer
      return { kind: 'response', response: await renameIn(answer.response, own.id, request.channel.id) }
    },
  }
}

/** The list of a channel with the name that it has here. */
async function renameIn(response: Response, from: string, to: string): Promise<Response> {
  if (from === to) return response
  const text = (await response.text()).replaceAll(`hls/${from}/`, `hls/${to}/`)
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  return new Response(text, { status: response.status, headers })
}
