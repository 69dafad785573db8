import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeNewHouse, planSwap, settleSwap } from '../../../adapters/backup/house-swap.ts'
import type { SwapDisk } from '../../../adapters/backup/house-swap.ts'
import { openDatabase } from '../../../adapters/store/database.ts'
import { newFolder } from '../../runtime/program.ts'

/** A folder with the old house and, beside it, the new one that is to take its place. */
function twoHouses(): string {
  const dataDir = newFolder()
  layHouse(dataDir, 'old')
  writeFileSync(join(dataDir, 'links.keys'), 'old')
  writeFileSync(join(dataDir, 'notes.txt'), 'of the owner')
  layHouse(makeNewHouse(dataDir), 'new')
  return dataDir
}

function layHouse(folder: string, name: string): void {
  mkdirSync(join(folder, 'guide'), { recursive: true })
  using house = openDatabase(join(folder, 'downlink.db'), 'full')
  house.exec(`create table name (name text); insert into name values ('${name}')`)
  writeFileSync(join(folder, 'secret.key'), name)
  writeFileSync(join(folder, 'guide', 'one.db'), name)
}

/** Which house it is, if it is a whole one. */
function houseIn(dataDir: string): string {
  using house = openDatabase(join(dataDir, 'downlink.db'), 'full')
  const name = String(house.all('select name from name')[0]?.['name'])
  assert.equal(readFileSync(join(dataDir, 'secret.key'), 'utf8'), name)
  assert.equal(readFileSync(join(dataDir, 'guide', 'one.db'), 'utf8'), name)
  assert.equal(existsSync(join(dataDir, 'links.keys')), name === 'old', 'links.keys belongs to the old house')
  assert.equal(readFileSync(join(dataDir, 'notes.txt'), 'utf8'), 'of the owner')
  return name
}

/** A disk whose program is killed before its step of this number. */
function dyingDisk(steps: number): SwapDisk & { readonly left: () => number } {
  let left = steps
  const step = (work: () => void): void => {
    if (left-- === 0) throw new Error('killed')
    work()
  }
  return {
    left: () => left,
    move: (from, to) => step(() => renameSync(from, to)),
    write: (path, text) => step(() => writeFileSync(path, text)),
    remove: (path) => step(() => rmSync(path, { recursive: true, force: true })),
  }
}

/** Runs `work` with programs that are killed ever later, until one comes through. */
function killEverywhere(work: (disk: SwapDisk, dataDir: string) => void, check: (dataDir: string) => void): number {
  for (let steps = 0; ; steps++) {
    const dataDir = twoHouses()
    const disk = dyingDisk(steps)
    try {
      work(disk, dataDir)
    } catch (error) {
      assert.match(String(error), /killed/)
    }
    check(dataDir)
    rmSync(dataDir, { recursive: true })
    if (disk.left() >= 0) return steps
  }
}

test('a swap that is killed before any of its steps ends as the whole old house or the whole new one', () => {
  const seen = new Set<string>()
  const steps = killEverywhere(
    (disk, dataDir) => {
      planSwap(dataDir, disk)
      const settled = settleSwap(dataDir, { isStart: true, disk })
      assert.equal(settled.kind, 'trial')
      if (settled.kind === 'trial') settled.confirm()
    },
    (dataDir) => {
      const settled = settleSwap(dataDir, { isStart: true })
      if (settled.kind === 'trial') settled.confirm()
      seen.add(`${settled.kind} ${houseIn(dataDir)}`)
      assert.deepEqual(settleSwap(dataDir, { isStart: true }), { kind: 'none' })
    },
  )
  assert.ok(steps > 12, `${steps} steps`)
  assert.deepEqual([...seen].toSorted(), ['none new', 'none old', 'trial new'])
})

test('a swap that is undone and killed before any of its steps ends as the whole old house', () => {
  const steps = killEverywhere(
    (disk, dataDir) => {
      planSwap(dataDir)
      const settled = settleSwap(dataDir, { isStart: true })
      assert.equal(houseIn(dataDir), 'new')
      assert.equal(settled.kind, 'trial')
      // From here on the disk dies: the plan says where it was.
      const again = settleSwap(dataDir, { isStart: false, disk })
      if (again.kind === 'trial') again.undo()
    },
    (dataDir) => {
      const settled = settleSwap(dataDir, { isStart: false })
      if (settled.kind === 'trial') settled.undo()
      assert.equal(houseIn(dataDir), 'old')
      assert.equal(existsSync(join(dataDir, 'restore', 'plan.json')), false)
    },
  )
  assert.ok(steps > 8, `${steps} steps`)
})

test('a restored house that never says that it has started well gives way after three tries', () => {
  const dataDir = twoHouses()
  planSwap(dataDir)
  const kinds = [1, 2, 3, 4, 5].map(() => settleSwap(dataDir, { isStart: true }).kind)
  assert.deepEqual(kinds, ['trial', 'trial', 'trial', 'undone', 'none'])
  assert.equal(houseIn(dataDir), 'old')
  rmSync(dataDir, { recursive: true })
})

test('a command of the command line is no try of a restored house', () => {
  const dataDir = twoHouses()
  planSwap(dataDir)
  for (let count = 0; count < 5; count++) assert.equal(settleSwap(dataDir, { isStart: false }).kind, 'trial')
  assert.equal(houseIn(dataDir), 'new')
  rmSync(dataDir, { recursive: true })
})

test('settleSwap() moves nothing while another program has the house open', () => {
  const dataDir = twoHouses()
  planSwap(dataDir)
  {
    using _open = openDatabase(join(dataDir, 'downlink.db'), 'full')
    assert.throws(() => settleSwap(dataDir, { isStart: true }), { code: 'store/locked' })
  }
  assert.equal(houseIn(dataDir), 'old')
  rmSync(dataDir, { recursive: true })
})
