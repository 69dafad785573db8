import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { absent } from './harness/absent.ts'
import { startClientHouse } from './harness/client-house.ts'
import type { ClientHouse } from './harness/client-house.ts'
import { runClient } from './harness/client-run.ts'

// XMLTV's own validator (ids, zones, empty channels, episode numbers) and its DTD, on the guide of every client.

const SUPPLEMENT = '/usr/share/xmltv'
const DTD = join(SUPPLEMENT, 'xmltv.dtd')
const VARIANTS = [
  '',
  '?client=plex',
  '?client=jellyfin',
  '?client=kodi',
  '?client=tivimate',
  '?client=channels',
  '?client=vlc',
]

describe('the guide, read by validators', { skip: absent('tv_validate_file', 'xmllint', DTD) }, () => {
  let house: ClientHouse
  before(async () => {
    house = await startClientHouse()
  })
  after(() => house[Symbol.asyncDispose]())

  for (const variant of VARIANTS)
    test(`/xmltv.xml${variant} is valid`, async () => {
      const { status, text } = await house.program.ask(`/xmltv.xml${variant}`)
      assert.equal(status, 200)
      assert.ok((text.match(/<programme /g) ?? []).length > 100, text.slice(0, 500))
      const file = join(house.folder, 'guide-of-client.xml')
      writeFileSync(file, text)
      const validated = await runClient('tv_validate_file', [file], { env: { XMLTV_SUPPLEMENT: SUPPLEMENT } })
      assert.deepEqual([validated.code, validated.stderr], [0, ''], validated.stdout)
      const linted = await runClient('xmllint', ['--noout', '--nowarning', '--dtdvalid', DTD, file])
      assert.deepEqual([linted.code, linted.stderr], [0, ''])
    })
})
