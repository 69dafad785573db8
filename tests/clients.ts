import { runSuite } from './clients/harness/run-suite.ts'
import { closingLine } from './runner/tally.ts'

// `npm run test:clients -- [--require] [FILTER…]`: real players and tools against the whole program. What is not installed is
// skipped with the reason; with `--require` it fails. The last line is `N passed, N failed[, N skipped]`, and the exit code
// says the same.

const words = process.argv.slice(2)
const filters = words.filter((word) => word !== '--require')
const strange = filters.find((word) => word.startsWith('-'))
if (strange !== undefined) {
  console.error(`Option "${strange}" is not known; there is --require`)
  process.exit(2)
}

const total = await runSuite({ filters, isRequired: filters.length < words.length })
console.log(closingLine(total))
process.exitCode = total.failed === 0 ? 0 : 1
