import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readXmltv } from '../../xmltv.ts'
import { guideDocument } from './guide-document.ts'

test('guideDocument() is a guide without holes that begins two hours ago', () => {
  const now = Date.UTC(2026, 0, 1, 20, 15)
  const { channels, programmes } = readXmltv(
    guideDocument(
      [
        { guideId: 'one.test', name: 'One' },
        { guideId: 'two.test', name: 'Zwei & Drei' },
      ],
      now,
    ),
  )
  assert.equal(channels.length, 2)
  assert.equal(programmes.length, 48)
  assert.equal(programmes[0]?.start, Date.UTC(2026, 0, 1, 18))
})
