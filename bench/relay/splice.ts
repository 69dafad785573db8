import { PacketAligner } from '../../core/live/align.ts'
import { KeyframeRing } from '../../core/live/keyframe-ring.ts'
import { Splicer } from '../../core/live/splicer.ts'
import { Broadcast } from './broadcast.ts'

// Prints the throughput of the engine in Gbit/s: the best of five seconds.

const PIECE = 16_384
const broadcast = new Broadcast(10_000_000)
const aligner = new PacketAligner()
const ring = new KeyframeRing()
const splicer = new Splicer({ now: Date.now, onProgram: () => ring.clear(), onChunk: (chunk) => ring.push(chunk) })
splicer.nextUpstream(1)

let best = 0
for (let second = 0; second < 5; second++) {
  let spent = 0
  let bytes = 0
  while (spent < 1000) {
    // A second of television, made outside of the measurement.
    const pictures = Array.from({ length: 25 }, () => broadcast.next(0))
    const whole = new Uint8Array(pictures.reduce((sum, { length }) => sum + length, 0))
    let used = 0
    for (const picture of pictures) {
      whole.set(picture, used)
      used += picture.length
    }
    const pieces = Array.from({ length: Math.ceil(used / PIECE) }, (_, index) =>
      whole.slice(index * PIECE, (index + 1) * PIECE),
    )
    const from = performance.now()
    for (const piece of pieces) splicer.push(aligner.push(piece))
    spent += performance.now() - from
    bytes += used
  }
  best = Math.max(best, (bytes * 8) / spent / 1e6)
}
console.log(best.toFixed(2))
