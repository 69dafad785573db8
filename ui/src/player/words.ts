import { failureKind } from '../api/problem.ts'
import { codecName } from './codecs.ts'
import type { PlaybackFailure } from './failure.ts'

/** A failure in words for the person in front of the screen. */
export type FailureWords = {
  readonly title: string
  readonly advice: string
  /** Another program would play the channel: offer the way there. */
  readonly elsewhere: boolean
  /** The gateway can make a picture of it that this browser plays: offer that first. */
  readonly convert: boolean
  /** The way on leads through signing in. */
  readonly signIn: boolean
}

/**
 * Says what happened and what to do next.
 *
 * `picture` is the channel's picture codec if it is known by now; `canConvert`: the gateway can send another one instead.
 */
export function wordsOf(failure: PlaybackFailure, picture: string | null, canConvert: boolean): FailureWords {
  const plain = { elsewhere: false, convert: false, signIn: false }
  if (failure.kind === 'unsupported' || failure.kind === 'no-picture') {
    const title =
      picture === null
        ? 'This browser shows no picture for this channel'
        : `This browser cannot decode ${codecName(picture)}, the picture format of this channel`
    return {
      ...plain,
      title,
      advice: canConvert
        ? 'The gateway can convert it for this browser, in a smaller size. VLC and most TV apps play it as it is.'
        : 'The channel itself is fine: VLC and most TV apps play it. Open it there.',
      elsewhere: true,
      convert: canConvert,
    }
  }
  const kind = failureKind(failure.code)
  if (failure.code?.startsWith('access/') === true || failure.status === 401) {
    return {
      ...plain,
      title: kind?.title ?? 'Sign in to watch',
      advice: 'Sign in, then come back to this channel.',
      signIn: true,
    }
  }
  if (kind !== null)
    return {
      ...plain,
      title: kind.title,
      advice: kind.advice ?? adviceByFault(kind.fault),
      elsewhere: failure.code?.startsWith('ffmpeg/') === true,
    }
  if (failure.kind === 'network') {
    return failure.status === 0
      ? {
          ...plain,
          title: 'The stream does not arrive',
          advice: 'Is downlink running, and is this device in the same network?',
        }
      : { ...plain, title: 'The stream broke off', advice: 'It is tried again by itself.' }
  }
  if (failure.kind === 'decode') {
    return {
      ...plain,
      title: 'The browser could not decode the stream',
      advice: canConvert
        ? 'If it stays so, let the gateway convert it, or try VLC, which may be more patient.'
        : 'If it stays so, VLC may be more patient.',
      elsewhere: true,
      convert: canConvert,
    }
  }
  return {
    ...plain,
    title: `The gateway refused the stream (${failure.status})`,
    advice: 'Look at the status page for the reason.',
  }
}

function adviceByFault(fault: 'viewer' | 'owner' | 'source' | 'us'): string {
  switch (fault) {
    case 'viewer':
      return 'Choose another channel.'
    case 'owner':
      return 'The owner of this house has to look at it; the status page says more.'
    case 'source':
      return 'The source has to recover; other channels may work.'
    case 'us':
      return 'It is tried again by itself; if it stays so, the log says more.'
    default:
      return fault satisfies never
  }
}

/** A playlist file of one channel, for programs that open such files by a double click. */
export function playlistFile(channel: { readonly name: string; readonly number: string }, url: string): string {
  // A line break in a name would start a new entry.
  const name = channel.name.replace(/[\r\n]+/g, ' ')
  return `#EXTM3U\n#EXTINF:-1 tvg-chno="${channel.number}",${name}\n${url}\n`
}
