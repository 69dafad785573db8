import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BACKUP_KINDS, printBackupName, readBackupName } from '../../../core/backup/backup.ts'
import type { KeptBackup } from '../../../core/backup/backup.ts'
import { isBackupDue, lastHour, nextHour, outdatedBackups } from '../../../core/backup/schedule.ts'

test('readBackupName() undoes printBackupName() for every backup', () => {
  const any = fc.record({
    madeAt: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
    kind: fc.constantFrom(...BACKUP_KINDS),
    isLocked: fc.boolean(),
  })
  fc.assert(
    fc.property(any, fc.integer({ min: 0x1000, max: 0xffff }), (backup, salt) => {
      const name = printBackupName(backup, salt.toString(16))
      assert.deepEqual(readBackupName(name), { name, ...backup })
    }),
  )
})

for (const name of [
  '../downlink-20261121T040000Z-daily-3f9a.tar.gz',
  'downlink-20261121T040000Z-daily-3f9a.tar.gz.part',
  'downlink-20261121T040000Z-monthly-3f9a.tar.gz',
  'notes.txt',
]) {
  test(`readBackupName() does not know "${name}"`, () => assert.equal(readBackupName(name), null))
}

/** 2026-11-21 on the clock of this machine. */
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime()
const daily = (madeAt: number): KeptBackup => ({
  name: printBackupName({ madeAt, kind: 'daily', isLocked: false }, '0001'),
  bytes: 1,
  madeAt,
  kind: 'daily',
  isLocked: false,
})

test('lastHour() and nextHour() are the full hours around an instant', () => {
  assert.equal(lastHour(at(21, 4), 4), at(21, 4))
  assert.equal(lastHour(at(21, 3, 59), 4), at(20, 4))
  assert.equal(nextHour(at(21, 4), 4), at(22, 4))
  assert.equal(nextHour(at(21, 3, 59), 4), at(21, 4))
})

for (const { name, kept, since, now, due } of [
  { name: 'a new house before its first hour', kept: [], since: at(21, 10), now: at(21, 23), due: false },
  { name: 'a new house after its first hour', kept: [], since: at(21, 10), now: at(22, 4), due: true },
  { name: 'a house that has one of today', kept: [daily(at(21, 4, 1))], since: at(1, 0), now: at(21, 9), due: false },
  { name: 'a house that was off at the hour', kept: [daily(at(20, 4))], since: at(21, 9), now: at(21, 9), due: true },
]) {
  test(`isBackupDue() knows ${name}`, () => assert.equal(isBackupDue({ kept, since, hour: 4 }, now), due))
}

test('outdatedBackups() names the oldest of what came by itself, and nothing that somebody asked for', () => {
  const asked = { ...daily(at(1, 4)), kind: 'asked' as const }
  const kept = [daily(at(19, 4)), asked, daily(at(21, 4)), daily(at(20, 4))]
  assert.deepEqual(outdatedBackups(kept, 2), [daily(at(19, 4)).name])
  assert.equal(outdatedBackups(kept, 0).length, 3)
})
