import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAdvisories } from './advisories.ts'

const report = (vulnerabilities: object): string => JSON.stringify({ auditReportVersion: 2, vulnerabilities })

test('grave weaknesses are named with their package, milder ones are not', () => {
  const printed = report({
    left: { severity: 'critical', range: '<2.0.1' },
    right: { severity: 'high', range: '*' },
    middle: { severity: 'moderate', range: '<1.0.0' },
  })
  assert.deepEqual(readAdvisories(printed), { kind: 'known', packages: ['left <2.0.1: critical', 'right *: high'] })
})

test('no weakness is an answer too', () => {
  assert.deepEqual(readAdvisories(report({})), { kind: 'known', packages: [] })
})

test('a registry without advisories is no weakness, and its address is not printed', () => {
  const printed = JSON.stringify({ message: '405 Method Not Allowed - POST https://registry.example/-/advisories' })
  assert.deepEqual(readAdvisories(printed), {
    kind: 'not-asked',
    why: '405 Method Not Allowed - POST the registry',
  })
  assert.equal(readAdvisories('').kind, 'not-asked')
  assert.equal(readAdvisories('[]').kind, 'not-asked')
})
