import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printMessage } from '../../../core/alerts/message-text.ts'
import { RULE_KINDS } from '../../../core/alerts/rule.ts'
import { describeAlert, LANGUAGES } from '../../../core/alerts/texts.ts'
import { anAlert } from './samples.ts'

test('every rule says in every language what is wrong and what to do', () => {
  for (const kind of RULE_KINDS) {
    const [english, german] = LANGUAGES.map((language) => describeAlert(anAlert({ kind, code: null }), language))
    for (const text of [english, german])
      for (const part of Object.values(text ?? {})) assert.ok(part.length > 10, part)
    assert.notEqual(english?.advice, german?.advice)
  }
})

test('one alert alone is the title of its message', () => {
  const { title, body } = printMessage([anAlert()], 'en')
  assert.equal(title, 'Source "Box" is down')
  assert.match(body, /does not answer.*\n.*switched on/)
  assert.equal(printMessage([anAlert({ state: 'resolved' })], 'de').title, 'Behoben: Quelle „Box“ ist ausgefallen')
})

test('several alerts have a headline and a line each', () => {
  const { title, body } = printMessage([anAlert(), anAlert({ id: 'a2', name: 'Panel', state: 'resolved' })], 'en')
  assert.equal(title, 'downlink: 1 new, 1 resolved (alerts)')
  assert.deepEqual(
    body.split('\n').filter((line) => line.startsWith('•')),
    ['• Source "Box" is down', '• Resolved: Source "Panel" is down'],
  )
})
