import { failureKind } from '../api/problem.ts'
import { failureText } from '../text/failures.ts'
import { codecName } from './codecs.ts'
import type { PlaybackFailure } from './failure.ts'
import { words } from './words.ts'

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
  const say = words().failure
  if (failure.kind === 'unsupported' || failure.kind === 'no-picture') {
    return {
      ...plain,
      title: picture === null ? say.noPicture : say.cannotDecode(codecName(picture)),
      advice: canConvert ? say.convertOrVlc : say.vlc,
      elsewhere: true,
      convert: canConvert,
    }
  }
  const kind = failureKind(failure.code)
  const text = failureText(failure.code)
  if (failure.code?.startsWith('access/') === true || failure.status === 401) {
    return { ...plain, title: text?.title ?? say.signIn, advice: say.signInAdvice, signIn: true }
  }
  if (kind !== null && text !== null) {
    return {
      ...plain,
      title: text.title,
      advice: text.advice ?? say.byFault[kind.fault],
      elsewhere: failure.code?.startsWith('ffmpeg/') === true,
    }
  }
  if (failure.kind === 'network') {
    return failure.status === 0
      ? { ...plain, title: say.noStream, advice: say.noStreamAdvice }
      : { ...plain, title: say.brokeOff, advice: say.triedAgain }
  }
  if (failure.kind === 'decode') {
    return {
      ...plain,
      title: say.decode,
      advice: canConvert ? say.decodeConvert : say.decodeVlc,
      elsewhere: true,
      convert: canConvert,
    }
  }
  return { ...plain, title: say.refused(failure.status), advice: say.refusedAdvice }
}

/** A playlist file of one channel, for programs that open such files by a double click. */
export function playlistFile(channel: { readonly name: string; readonly number: string }, url: string): string {
  // A line break in a name would start a new entry.
  const name = channel.name.replace(/[\r\n]+/g, ' ')
  return `#EXTM3U\n#EXTINF:-1 tvg-chno="${channel.number}",${name}\n${url}\n`
}
