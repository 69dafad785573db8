import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, visit } from './axe.ts'
import { ownerHouse } from './owner-house.ts'
import { noBrowser } from './pages.ts'

describe('people and devices', { skip: noBrowser() }, () => {
  const house = ownerHouse()

  test('somebody new gets an account, limits, a device and an address that opens television', async () => {
    const { page, context, complaints } = await house.asOwner()
    await visit(page, '/users')
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByLabel('Name').fill('Anna')
    await page.getByRole('textbox', { name: 'Password' }).fill('short')
    await page.getByRole('button', { name: 'Create the account' }).click()
    await page.getByText('at least 8 characters').waitFor()
    await page.getByRole('textbox', { name: 'Password' }).fill('long enough for Anna')
    await page.getByRole('button', { name: 'Create the account' }).click()
    await page.getByRole('button', { name: /^Anna / }).click()

    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Streams at a time').fill('2')
    await drawer.getByLabel('Ends on').fill('2040-01-31')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Anna is saved').waitFor()
    const saved = await (await page.request.get('/api/v1/users/anna')).json()
    assert.deepEqual([saved.maxStreams, saved.expires], [2, '2040-01-31T00:00:00.000Z'])

    await drawer.getByLabel('For which device').fill('Kitchen')
    await drawer.getByRole('button', { name: 'Make it' }).click()
    const address = await drawer.getByRole('textbox', { name: 'Playlist' }).textContent()
    const playlist = await fetch(address ?? '')
    assert.equal(playlist.status, 200)
    assert.match(await playlist.text(), /^#EXTM3U/)
    const short = await drawer.getByRole('textbox', { name: 'Short address to type on a TV' }).textContent()
    assert.match(short ?? '', /\/x\/[a-z0-9]{8}$/)

    await drawer.getByRole('button', { name: 'Revoke Kitchen' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke it' }).click()
    await page.getByText('“Kitchen” is revoked').waitFor()
    assert.equal((await fetch(address ?? '')).status, 403)
    await context.close()
    assert.deepEqual(complaints, [])
  })

  test('an edit that somebody else made meanwhile is not lost', async () => {
    const { page, context } = await house.asOwner()
    await page.request.post('/api/v1/users', { data: { name: 'Ben', password: 'long enough for Ben' } })
    await visit(page, '/users')
    await page.getByRole('button', { name: /^Ben / }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('Streams at a time').fill('3')
    await page.request.patch('/api/v1/users/ben', { data: { adultLock: true } })
    await drawer.getByRole('button', { name: 'Save' }).click()
    await drawer.getByRole('alert').waitFor()
    const kept = await (await page.request.get('/api/v1/users/ben')).json()
    assert.deepEqual([kept.adultLock, kept.maxStreams], [true, null])
    await context.close()
  })

  test('a person is removed after a question that names them, and it stands in the book of changes', async () => {
    const { page, context } = await house.asOwner()
    await page.request.post('/api/v1/users', { data: { name: 'Cleo', password: 'long enough for Cleo' } })
    await visit(page, '/users')
    await page.getByRole('button', { name: /^Cleo / }).click()
    await page.getByRole('button', { name: 'Remove this person' }).click()
    await page.getByRole('button', { name: 'Remove Cleo' }).click()
    await page.getByRole('button', { name: /^Cleo / }).waitFor({ state: 'detached' })
    await visit(page, '/users')
    await page.getByText('DELETE /api/v1/users/cleo').waitFor()
    await context.close()
  })

  test('axe finds nothing on the page, and nothing in a drawer', async () => {
    const { page, context } = await house.asOwner()
    await visit(page, '/users')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page)
    await context.close()
  })
})
