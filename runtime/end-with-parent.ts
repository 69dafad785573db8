import process from 'node:process'

// Loaded before the program when npm starts it. npm passes a signal to the shell that it runs scripts in, and the shell
// ends without passing it on: the program would stay behind with the tuners and the port. It ends with that shell instead.

const POLL_MS = 300
const parent = process.ppid

const watch = setInterval(() => {
  if (process.ppid === parent) return
  clearInterval(watch)
  process.kill(process.pid, 'SIGTERM')
}, POLL_MS)
// Nobody is kept alive by this.
watch.unref()
