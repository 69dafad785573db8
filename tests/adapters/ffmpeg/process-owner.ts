import { startFfmpeg } from '../../../adapters/ffmpeg/process.ts'

// A program that starts a child between two pipes, tells its id, and then does nothing until it is killed.

const child = startFfmpeg('cat', [], { output: () => {}, ended: () => {} })
console.log(child.pid)
setInterval(() => {}, 60_000)
