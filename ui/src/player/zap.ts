import { ChannelDetailAnswer, ChannelsAnswer } from '../api/answers.ts'
import type { ChannelAnswer } from '../api/answers.ts'
import { ask } from '../api/request.ts'
import { stepped } from './digits.ts'

/** One channel with its place in the list. */
export const askChannel = (id: string, signal: AbortSignal) =>
  ask(`/api/v1/channels/${encodeURIComponent(id)}`, ChannelDetailAnswer, { signal })

const askOne = async (
  query: string,
  signal: AbortSignal,
): Promise<{ channel: ChannelAnswer | null; total: number }> => {
  const { items, total } = await ask(`/api/v1/channels?${query}`, ChannelsAnswer, { signal })
  return { channel: items[0] ?? null, total }
}

/** The channels before and after a position; the list has no end. */
export type Neighbours = { readonly previous: ChannelAnswer | null; readonly next: ChannelAnswer | null }

/** Fetches both neighbours: one request in the middle of the list, two at its ends. */
export async function askNeighbours(position: number, signal: AbortSignal): Promise<Neighbours> {
  const from = Math.max(0, position - 1)
  const { items, total } = await ask(`/api/v1/channels?offset=${from}&limit=3`, ChannelsAnswer, { signal })
  const at = async (step: 1 | -1) => {
    const wanted = stepped(position, step, total)
    return items[wanted - from] ?? (await askOne(`offset=${wanted}&limit=1`, signal)).channel
  }
  return { previous: await at(-1), next: await at(1) }
}

/** The channel of a typed number, null when there is none. */
export async function askNumber(number: string, signal: AbortSignal): Promise<ChannelAnswer | null> {
  const query = new URLSearchParams({ q: number, number, limit: '200' })
  const { items } = await ask(`/api/v1/channels?${query.toString()}`, ChannelsAnswer, { signal })
  return items.find((channel) => channel.number === number) ?? null
}
