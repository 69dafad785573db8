import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBun, readDeno, readNode } from './runtimes.ts'

for (const { name, report, tally } of [
  {
    name: 'the closing lines',
    report:
      '✔ a (1ms)\nℹ tests 7\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\nℹ duration_ms 8\n',
    tally: { passed: 3, failed: 2, skipped: 2 },
  },
  { name: 'a crash as no report', report: 'SyntaxError: Unexpected token\n', tally: null },
  {
    name: 'the real numbers after a test that printed others',
    report: 'ℹ pass 99\nℹ tests 1\nℹ pass 1\nℹ fail 0\n',
    tally: { passed: 1, failed: 0, skipped: 0 },
  },
]) {
  test(`readNode() reads ${name}`, () => {
    assert.deepEqual(readNode(report), tally)
  })
}

for (const { name, report, tally } of [
  {
    name: 'the closing lines',
    report: '\n 12 pass\n 2 skip\n 1 todo\n 3 fail\n 40 expect() calls\nRan 18 tests across 1 file. [18.00ms]\n',
    tally: { passed: 12, failed: 3, skipped: 3 },
  },
  { name: 'a crash as no report', report: 'error: Cannot find module "./x.ts"\n', tally: null },
]) {
  test(`readBun() reads ${name}`, () => {
    assert.deepEqual(readBun(report), tally)
  })
}

for (const { name, report, tally } of [
  {
    name: 'a good end',
    report: '\nok | 3 passed (1 step) | 0 failed (11ms)\n',
    tally: { passed: 3, failed: 0, skipped: 0 },
  },
  {
    name: 'a bad end with ignored tests',
    report: 'FAILED | 3 passed | 2 failed (1 step) | 4 ignored (11ms)\n',
    tally: { passed: 3, failed: 2, skipped: 4 },
  },
  {
    name: 'tests that were skipped while they ran',
    report: 'DIAGNOSTIC: skipped: "nginx" is not installed\nok | 3 passed | 0 failed (1s)\n',
    tally: { passed: 2, failed: 0, skipped: 1 },
  },
  { name: 'a crash as no report', report: 'error: Module not found\n', tally: null },
]) {
  test(`readDeno() reads ${name}`, () => {
    assert.deepEqual(readDeno(report), tally)
  })
}
