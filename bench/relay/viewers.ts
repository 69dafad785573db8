import { connect } from 'node:net'
import { STAMP } from './broadcast.ts'

// `node viewers.ts PORT PATH COUNT WARM_MS MEASURE_MS`: watches, prints {"ready":true} when the measurement begins and
// {"bytes":…,"latencies":[…]} (milliseconds from sending to receiving) at its end.

const [port, path, count, warmMs, measureMs] = process.argv.slice(2)
const now = (): number => performance.timeOrigin + performance.now()
let bytes = 0
let isMeasuring = false
const latencies: number[] = []
const marker = Buffer.from(STAMP)

for (let index = 0; index < Number(count); index++) {
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('connect', () =>
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
  )
  socket.on('error', () => {})
  let tail: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    if (!isMeasuring) return
    bytes += chunk.length
    // One viewer tells the latency of all; looking costs the same for everything that is compared.
    if (index > 0) return
    const at = now()
    const text = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk
    let from = 0
    for (
      let found = text.indexOf(marker);
      found >= 0 && found + 16 <= text.length;
      found = text.indexOf(marker, from)
    ) {
      from = found + 16
      latencies.push(at - text.readDoubleBE(found + 8))
    }
    tail = text.subarray(Math.max(from, text.length - 15))
  })
}

setTimeout(() => {
  isMeasuring = true
  console.log(JSON.stringify({ ready: true }))
  setTimeout(() => {
    console.log(JSON.stringify({ bytes, latencies }))
    process.exit(0)
  }, Number(measureMs))
}, Number(warmMs))
