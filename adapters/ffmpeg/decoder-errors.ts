/** What FFmpeg says of a frame that it could not read, at `-loglevel level+…`; our own mistakes (arguments, encoders) are fatal. */
const BROKEN = /\[error\]|\bcorrupt\b/i
const REPEATED = /^\s*Last message repeated (\d+) times?/

/** Counts broken frames in what a decoder says, line by line: the same line again comes as a number. */
export function decoderErrorCounter(): (line: string) => number {
  let wasBroken = false
  return (line) => {
    const [, times] = REPEATED.exec(line) ?? []
    if (times !== undefined) return wasBroken ? Number(times) : 0
    wasBroken = BROKEN.test(line)
    return wasBroken ? 1 : 0
  }
}
