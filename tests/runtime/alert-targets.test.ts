import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as v from 'valibot'
import { TargetBody } from '../../core/alerts/target.ts'
import { openTargets } from '../../runtime/alert-targets.ts'
import { makeDataFolder } from '../adapters/store/data-folder.ts'

const hook = (changes: object = {}) => v.parse(TargetBody, { kind: 'webhook', name: 'Hook', ...changes })
const URL_1 = 'https://hooks.example.org/key-in-the-path'

test('a target is shown by its host, and its address and secret are kept sealed', async () => {
  await using folder = await makeDataFolder()
  const { settings } = await folder.open()
  const targets = await openTargets(settings)
  const made = await targets.put(null, hook({ url: URL_1, secret: 'shared' }))
  assert.deepEqual([made.shownHost, made.hasSecret], ['hooks.example.org', true])
  assert.ok(!JSON.stringify([made, await settings.text('alerts/targets')]).includes('key-in-the-path'))
  const again = await openTargets((await folder.open()).settings)
  assert.deepEqual(again.list(), [made])
  assert.deepEqual(await again.secrets(made.id), { url: URL_1, secret: 'shared' })
})

test('what is secret and left out of a change stays, unless it would go to another host', async () => {
  await using folder = await makeDataFolder()
  const targets = await openTargets((await folder.open()).settings)
  const { id } = await targets.put(null, hook({ url: URL_1, secret: 'shared' }))
  await targets.put(id, hook({ name: 'Other' }))
  assert.deepEqual(await targets.secrets(id), { url: URL_1, secret: 'shared' })
  await targets.put(id, hook({ url: 'https://elsewhere.example.org/' }))
  assert.deepEqual(await targets.secrets(id), { url: 'https://elsewhere.example.org/', secret: null })
  await targets.put(id, hook({ secret: 'new' }))
  await targets.put(id, hook({ secret: '' }))
  assert.equal(targets.find(id).hasSecret, false)
})

test('a password of a mail server does not go to another one', async () => {
  await using folder = await makeDataFolder()
  const targets = await openTargets((await folder.open()).settings)
  const mail = (changes: object) =>
    v.parse(TargetBody, {
      kind: 'email',
      name: 'Mail',
      host: 'mx.example.org',
      from: 'a@b.c',
      to: ['d@e.f'],
      ...changes,
    })
  const { id } = await targets.put(null, mail({ secret: 'right' }))
  await targets.put(id, mail({ port: 465 }))
  assert.equal((await targets.secrets(id)).secret, 'right')
  await targets.put(id, mail({ host: 'evil.example.org' }))
  assert.equal((await targets.secrets(id)).secret, null)
})

test('a target without an address, and one that is not there, are refused', async () => {
  await using folder = await makeDataFolder()
  const targets = await openTargets((await folder.open()).settings)
  await assert.rejects(targets.put(null, hook()), { code: 'http/bad-request' })
  await assert.rejects(targets.put('t0', hook({ url: URL_1 })), { code: 'alerts/unknown-target' })
  const { id } = await targets.put(null, hook({ url: URL_1 }))
  await targets.remove(id)
  assert.deepEqual([targets.list(), await targets.secrets(id)], [[], { url: null, secret: null }])
})
