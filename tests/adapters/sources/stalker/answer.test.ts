import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnswer } from '../../../../adapters/sources/stalker/answer.ts'

const read = (body: string, status = 200) => readAnswer({ status, body: new TextEncoder().encode(body) })

for (const { name, body, status = 200, kind } of [
  { name: 'the sentence of a stock portal', body: 'Authorization failed.', kind: 'unauthorized' },
  { name: 'a missing MAC', body: 'Unauthorized request.', kind: 'no-mac' },
  { name: 'an account that is off', body: 'Access denied.', kind: 'disabled' },
  { name: 'the empty body of a panel', body: '', kind: 'unauthorized' },
  { name: 'the 403 of a block list', body: '', status: 403, kind: 'banned' },
  { name: 'a short text about a block', body: 'IP adress blocked', kind: 'banned' },
  { name: 'a reseller who says it in JSON', body: '{"js":{"error":"Invalid token"}}', kind: 'unauthorized' },
  { name: 'a page of a firewall with the words in it', body: '<html>Authorization failed.</html>', kind: 'not-portal' },
  { name: 'a long text with the words in it', body: `Authorization failed. ${'x'.repeat(300)}`, kind: 'not-portal' },
  { name: 'an imitated page of a web server', body: '<html>404</html>', status: 404, kind: 'missing' },
  { name: 'a page that checks browsers', body: '<html>wait</html>', status: 503, kind: 'busy' },
  { name: 'too many questions', body: '', status: 429, kind: 'busy' },
  { name: 'JSON of something else', body: '{"user_info":{"auth":0}}', kind: 'not-portal' },
  { name: 'a refused action', body: '{"js":false,"text":"generated in: 0.01s"}', kind: 'data' },
  { name: 'a film called so', body: '{"js":{"error":"","msg":"Invalid token","id":"1"}}', kind: 'data' },
]) {
  test(`readAnswer() understands ${name}`, () => assert.equal(read(body, status).kind, kind))
}

test('readAnswer() keeps what panels put beside "js", and no noise', () => {
  const answer = read('{"js":{"id":"1"},"streamer_id":0,"error":"limit","text":"array(3) { … }"}')
  assert.deepEqual(answer, { kind: 'data', js: { id: '1' }, beside: { streamer_id: 0, error: 'limit' } })
})
