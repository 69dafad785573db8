import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { KeptFiles } from '../../../adapters/lan/hls-kept.ts'

const MEGABYTE = 1024 * 1024

function shelf(bytes: number) {
  const kept = new KeptFiles()
  const made: string[] = []
  const get = (name: string) =>
    kept.get(name, () => {
      made.push(name)
      return new Uint8Array(bytes)
    })
  return { get, made }
}

describe('KeptFiles', () => {
  test('makes a file once for those who ask one after the other', () => {
    const { get, made } = shelf(10)
    assert.equal(get('1.ts'), get('1.ts'))
    assert.deepEqual(made, ['1.ts'])
  })

  test('keeps the newest eight', () => {
    const { get, made } = shelf(10)
    for (let index = 1; index <= 9; index++) get(`${index}.ts`)
    get('2.ts')
    get('1.ts')
    assert.deepEqual(made.slice(9), ['1.ts'])
  })

  test('keeps 4 MiB, and always the newest', () => {
    const { get, made } = shelf(3 * MEGABYTE)
    get('1.ts')
    get('2.ts')
    get('2.ts')
    get('1.ts')
    assert.deepEqual(made, ['1.ts', '2.ts', '1.ts'])
    const large = shelf(5 * MEGABYTE)
    assert.equal(large.get('1.ts'), large.get('1.ts'))
  })
})
