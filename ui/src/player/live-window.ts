/** What can be watched of a running channel, seconds on the video's own clock. */
export type LiveWindow = {
  readonly start: number
  /** The newest moment that is there. */
  readonly end: number
}

// Shorter than this there is nothing worth going back to: it is what a player needs to run smoothly.
const WORTH_SECONDS = 60

// Nearer to the newest moment than this nobody calls it the past: standard delivery starts three segments back.
const LIVE_SECONDS = 15
// A jump lands this far from the ends of the window: the old end moves on, the new end is not whole yet.
const START_MARGIN_SECONDS = 8
const LIVE_MARGIN_SECONDS = 4

/** The last seekable range of a video; null: nothing, or endless. */
export function liveWindowOf(seekable: TimeRanges): LiveWindow | null {
  if (seekable.length === 0) return null
  const last = seekable.length - 1
  const [start, end] = [seekable.start(last), seekable.end(last)]
  return Number.isFinite(end) && end > start ? { start, end } : null
}

/** Whether one can go back in it. */
export const isWorthIt = (window: LiveWindow | null): window is LiveWindow =>
  window !== null && window.end - window.start >= WORTH_SECONDS

/** Seconds from a moment to the newest one of these ranges; null: they are empty, or endless. */
export function behindNewest(ranges: TimeRanges, at: number): number | null {
  const window = liveWindowOf(ranges)
  return window === null ? null : Math.max(0, window.end - at)
}

/** How far a moment lies behind the newest one, seconds; 0 where it counts as live. */
export function behindLive({ end }: LiveWindow, at: number): number {
  const behind = end - at
  return behind < LIVE_SECONDS ? 0 : behind
}

/** Where a wish for a moment leads: inside the window, with room at both ends. */
export function landing({ start, end }: LiveWindow, wish: number): number {
  return Math.max(Math.min(start + START_MARGIN_SECONDS, end), Math.min(wish, end - LIVE_MARGIN_SECONDS))
}

/**
 * Where a paused video goes on; null: right there.
 * Where one can go back, that is where it stood, or the oldest moment that is left; elsewhere live.
 */
export function resumeAt(window: LiveWindow | null, at: number): number | null {
  if (window === null) return null
  if (window.end - window.start < WORTH_SECONDS)
    return behindLive(window, at) === 0 ? null : landing(window, window.end)
  return at < window.start + START_MARGIN_SECONDS ? landing(window, window.start) : null
}

/** Pauses, or goes on where the pause began, as far as it is still there. */
export function pauseOrGoOn(video: HTMLVideoElement | null): void {
  if (video === null) return
  if (!video.paused) return video.pause()
  const at = resumeAt(liveWindowOf(video.seekable), video.currentTime)
  if (at !== null) video.currentTime = at
  void video.play().catch(() => {
    // Refused or overtaken by a new load: the button is still there.
  })
}

/** Goes back (negative) or forward, seconds, where the channel is kept. */
export function jump(video: HTMLVideoElement | null, seconds: number): void {
  const window = video === null ? null : liveWindowOf(video.seekable)
  if (video !== null && isWorthIt(window)) video.currentTime = landing(window, video.currentTime + seconds)
}
