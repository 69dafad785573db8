import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkAllowedFile, checkAllowedFolder } from '../../../adapters/config/allowed-file.ts'

const root = mkdtempSync(join(tmpdir(), 'dl-allowed-'))
const [allowed, other] = [join(root, 'lists'), join(root, 'lists-of-others')]
for (const folder of [allowed, other]) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'list.m3u'), '#EXTM3U')
}
symlinkSync(join(other, 'list.m3u'), join(allowed, 'out.m3u'))
symlinkSync(join(allowed, 'list.m3u'), join(other, 'in.m3u'))
after(() => rmSync(root, { recursive: true, force: true }))

for (const { path, isAllowed } of [
  { path: 'lists/list.m3u', isAllowed: true },
  { path: 'lists/../lists/list.m3u', isAllowed: true },
  { path: 'lists-of-others/in.m3u', isAllowed: true },
  { path: 'lists/none.m3u', isAllowed: false },
  { path: 'lists', isAllowed: false },
  { path: 'lists-of-others/list.m3u', isAllowed: false },
  { path: 'lists/../lists-of-others/list.m3u', isAllowed: false },
  { path: 'lists/out.m3u', isAllowed: false },
]) {
  test(`checkAllowedFile() ${isAllowed ? 'takes' : 'refuses'} "${path}"`, async () => {
    const checked = checkAllowedFile(join(root, path), { key: 'source.file', folders: [join(root, 'none'), allowed] })
    if (isAllowed) await checked
    else
      await assert.rejects(checked, (error: Error) => {
        assert.ok(!error.message.includes(root), 'the path is told')
        assert.match(error.message, /^source\.file: /)
        return true
      })
  })
}

mkdirSync(join(allowed, 'films'))
symlinkSync(other, join(allowed, 'outside'))

for (const { path, isAllowed } of [
  { path: 'lists', isAllowed: true },
  { path: 'lists/films', isAllowed: true },
  { path: 'lists/none', isAllowed: false },
  { path: 'lists/outside', isAllowed: false },
  { path: 'lists-of-others', isAllowed: false },
  { path: 'lists/list.m3u', isAllowed: false },
  { path: '.', isAllowed: false },
]) {
  test(`checkAllowedFolder() ${isAllowed ? 'takes' : 'refuses'} "${path}"`, async () => {
    const checked = checkAllowedFolder(join(root, path), { key: 'source.path', folders: [allowed] })
    if (isAllowed) await checked
    else await assert.rejects(checked, /^Failure: source\.path: should be a folder that is there/)
  })
}
