import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, test } from 'node:test'
import { KEYS } from '../runtime/front-suite.ts'
import { newFolder, RUNTIME, startProgram, until } from '../runtime/program.ts'
import { NOBODY, testPublishing } from '../runtime/publishing-suite.ts'

const folder = newFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

testPublishing(`a front as a process on ${RUNTIME}`, (env) =>
  startProgram({ folder, args: ['--role', 'gateway'], env }),
)

test(`a house says which front takes nothing from it on ${RUNTIME}`, async () => {
  const keys = { DOWNLINK_LINK_KEYS: KEYS.old }
  await using front = await startProgram({
    args: ['--role', 'gateway'],
    env: { ...keys, DOWNLINK_ADAPTER_URL: NOBODY, DOWNLINK_PUBLISHERS: 'A'.repeat(43) },
  })
  await using house = await startProgram({ env: { ...keys, DOWNLINK_FRONTS: `${front.url},${NOBODY}` } })
  const told = await until('the status names both', async () => {
    const { notices } = (await house.ask('/api/status')).json() as { notices: { text: string }[] }
    const found = notices.flatMap(({ text }) => (text.startsWith('Cannot publish to') ? [text] : []))
    return found.length === 2 && found
  })
  assert.match(told[0] ?? '', new RegExp(`${new URL(front.url).host}: .*"links\\.publishers"`))
  assert.match(told[1] ?? '', /127\.0\.0\.1:1: The front does not answer/)
  assert.equal((await house.line('publisher'))['site'], 'home')
})
