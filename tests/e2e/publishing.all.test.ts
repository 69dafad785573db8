import { rmSync } from 'node:fs'
import { after } from 'node:test'
import { testPublishing } from '../runtime/publishing-suite.ts'
import { newFolder, RUNTIME, startProgram } from '../runtime/program.ts'

const folder = newFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

testPublishing(`a front as a process on ${RUNTIME}`, (env) =>
  startProgram({ folder, args: ['--role', 'gateway'], env }),
)
