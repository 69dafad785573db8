import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../../../runtime/load-config.ts'
import { openSettings } from '../../../runtime/system/settings-desk.ts'
import { makeDataFolder } from '../../adapters/store/data-folder.ts'

/** The settings of a house whose file is `file`, over a store that stays. */
async function aHouse(file: unknown = {}) {
  const folder = await makeDataFolder()
  const store = await folder.open()
  const levels: string[] = []
  const config = readConfig({ file, env: { DOWNLINK_BACKUP_HOUR: '2' }, options: {} })
  const open = () =>
    openSettings({ config, store: store.settings, onLevel: (level) => void levels.push(level), log: () => {} })
  return { folder, levels, open }
}

test('a setting that is changed counts at once, and at the next start; null takes it back', async () => {
  const { folder, levels, open } = await aHouse()
  await using _ = folder
  const settings = await open()
  const { guide } = settings.config
  assert.deepEqual([guide.days, levels], [7, ['info']])
  assert.deepEqual(await settings.change('guide.days', '14'), {
    key: 'guide.days',
    value: '14',
    default: 7,
    origin: 'house',
    environment: 'DOWNLINK_GUIDE_DAYS',
    option: null,
    shouldBe: 'a whole number of days from 1 to 21',
    isLive: true,
  })
  await settings.change('log.level', 'debug')
  assert.deepEqual([guide.days, levels], [14, ['info', 'debug']])
  const next = await open()
  assert.deepEqual([next.config.guide.days, next.config.log.level], [14, 'debug'])
  await next.change('guide.days', null)
  assert.equal(next.config.guide.days, 7)
  assert.equal(next.list().find(({ key }) => key === 'guide.days')?.origin, 'default')
})

for (const { key, value, code, says } of [
  { key: 'guide.days', value: 99, code: 'http/bad-request', says: /from 1 to 21/ },
  { key: 'log.level', value: 'loud', code: 'http/bad-request', says: /one of "debug"/ },
  { key: 'listen', value: ':1', code: 'http/bad-request', says: /from the start on/ },
  { key: 'backup.hour', value: 3, code: 'config/managed-by-file', says: /environment/ },
  { key: 'backup.keep', value: 3, code: 'config/managed-by-file', says: /file/ },
  { key: 'nothing', value: 1, code: 'http/not-found', says: /no such setting/ },
]) {
  test(`change() refuses "${key}" to be ${value}, and says why`, async () => {
    const { folder, open } = await aHouse({ backup: { keep: 2 } })
    await using _ = folder
    const settings = await open()
    await assert.rejects(settings.change(key, value), { code, message: says })
    assert.deepEqual([settings.config.guide.days, settings.config.backup.hour], [7, 2])
  })
}
