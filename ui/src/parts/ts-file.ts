import mpegts from 'mpegts.js'

/** Plays an MPEG-TS file on a video element with mpegts.js; `onFail` at most once. Gives the function that ends it. */
export function playTsFile(video: HTMLVideoElement, url: string, onFail: () => void): () => void {
  const player = mpegts.createPlayer(
    { type: 'mpegts', isLive: false, url },
    { lazyLoad: true, enableStashBuffer: true },
  )
  let ended = false
  player.on(mpegts.Events.ERROR, () => {
    if (ended) return
    ended = true
    onFail()
  })
  player.attachMediaElement(video)
  player.load()
  void Promise.resolve(player.play()).catch(() => {
    // The browser wants a touch first: its own play button is there.
  })
  return () => {
    ended = true
    player.destroy()
  }
}
