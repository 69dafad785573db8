import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OPERATIONS } from '../../../handlers/openapi/operations.ts'
import { ADMIN, cookieOf, fakeHouse, STRANGER, VIEWER } from '../../fakes/gateway.ts'

const DOCUMENTS = ['/api/v1/openapi.json', '/api/docs', '/api/docs/style.css']

for (const path of DOCUMENTS) {
  test(`${path} is for those who signed in`, async () => {
    const house = fakeHouse({ accounts: [ADMIN, VIEWER] })
    assert.equal((await house.get(path)).status, 401)
    assert.equal((await house.get(path, STRANGER)).status, 401)
    const cookie = await cookieOf(house, 'Anna')
    const response = await house.get(path, cookie)
    assert.equal(response.status, 200)
    const tag = response.headers.get('etag') ?? ''
    assert.equal((await house.get(path, { ...cookie, 'if-none-match': tag })).status, 304)
  })
}

test('/api/docs shows every operation, and nothing that our Content-Security-Policy would stop', async () => {
  const house = fakeHouse({ accounts: [ADMIN, VIEWER] })
  const response = await house.get('/api/docs', await cookieOf(house, 'Anna'))
  const csp = response.headers.get('content-security-policy') ?? ''
  assert.match(csp, /script-src 'self';/)
  assert.match(csp, /style-src 'self';/)
  const page = await response.text()
  for (const { summary } of OPERATIONS) assert.ok(page.includes(`<p>${summary}.`), summary)
  assert.doesNotMatch(page, /<script|<style|\sstyle=|\son\w+=|https?:\/\/(?!\S*(\.test|192\.168))/)
})

test('/api/v1/openapi.json says of which version it is', async () => {
  const house = fakeHouse({ accounts: [ADMIN] })
  const response = await house.get('/api/v1/openapi.json', await cookieOf(house, 'Jo'))
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
  const { openapi, info, paths } = await response.json()
  assert.equal(openapi, '3.1.0')
  assert.equal(info.version, '1.2.3')
  assert.equal(Object.values(paths as Record<string, object>).flatMap(Object.keys).length, OPERATIONS.length)
})
