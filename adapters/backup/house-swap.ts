import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { openDatabase } from '../store/database.ts'

/** What a house is in its data folder; everything else there is not touched (backups, logs, the owner's own files). */
const HOUSE = [
  'secret.key',
  'links.keys',
  ...['downlink.db', 'guide.db', 'history.db', 'leases.db'].flatMap((file) => [file, `${file}-wal`, `${file}-shm`]),
  'guide',
  'cache',
  'downlink.yaml.from-backup',
] as const

/** Tries of a restored house to start before the old one comes back. */
const TRIES = 3

/**
 * What a swap of houses has reached; it is written down before anything of the step is done.
 *
 * ```
 * aside ─→ in ─→ trial ─it has started well→ (no swap)
 *                  └─it does not start→ out ─→ back ─→ (no swap)
 * ```
 *
 * `aside`: the old house moves to `restore/old`; `in`: the new one moves from `restore/new` to its place. `out`: the new
 * one moves to `restore/refused`; `back`: the old one moves to its place again.
 */
const Plan = v.strictObject({ step: v.picklist(['aside', 'in', 'trial', 'out', 'back']), tries: v.number() })
type Plan = v.InferOutput<typeof Plan>

/** What a swap does on the disk; tests let it end anywhere. */
export type SwapDisk = {
  move(from: string, to: string): void
  write(path: string, text: string): void
  remove(path: string): void
}

/** A folder of its own beside the house, and what is in it. */
const roomOf = (dataDir: string): string => join(dataDir, 'restore')
const planOf = (dataDir: string): string => join(roomOf(dataDir), 'plan.json')

/** Where a house is laid that is to take the place: an empty folder. Not to be called while a swap is under way. */
export function makeNewHouse(dataDir: string): string {
  const folder = join(roomOf(dataDir), 'new')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Throws a house away that does not take the place after all; nothing where a swap is planned. */
export function dropNewHouse(dataDir: string): void {
  if (!existsSync(planOf(dataDir))) rmSync(roomOf(dataDir), { recursive: true, force: true })
}

/** From here on the house in `restore/new` takes the place at the next start, whatever happens. */
export function planSwap(dataDir: string, disk: SwapDisk = DISK): void {
  disk.remove(join(roomOf(dataDir), 'old'))
  disk.remove(join(roomOf(dataDir), 'refused'))
  writePlan(dataDir, { step: 'aside', tries: 0 }, disk)
}

/** A restored house that has not started well yet. */
export type Trial = {
  /** It has started: the old one is thrown away. */
  confirm(): void
  /** It does not start: the old one takes its place again. */
  undo(): void
}

/** How a swap stands at the start of a program. */
export type Settled = { readonly kind: 'none' } | { readonly kind: 'undone' } | ({ readonly kind: 'trial' } & Trial)

/**
 * Brings a swap to its end that an earlier run has planned or begun; called before anything of the data folder is
 * opened. `isStart`: it is to run now, which counts as a try of a restored house. However often it is killed, the next call goes on: there is always the whole old house or the whole new one.
 *
 * Fails with `store/locked` if another process has the data folder open.
 */
export function settleSwap(
  dataDir: string,
  { isStart, disk = DISK }: { readonly isStart: boolean; readonly disk?: SwapDisk },
): Settled {
  if (!existsSync(planOf(dataDir))) return { kind: 'none' }
  // The lock is the kernel's: of two programs one moves files, and a killed one holds nothing.
  using _lock = openDatabase(join(roomOf(dataDir), 'lock.db'), 'normal')
  if (existsSync(join(dataDir, 'downlink.db'))) openDatabase(join(dataDir, 'downlink.db'), 'full')[Symbol.dispose]()
  let plan = readPlan(dataDir)
  const go = (step: Plan['step'], tries = plan.tries): void => {
    plan = { step, tries }
    writePlan(dataDir, plan, disk)
  }
  if (plan.step === 'aside') {
    moveHouse(dataDir, join(roomOf(dataDir), 'old'), disk)
    go('in')
  }
  if (plan.step === 'in') {
    moveHouse(join(roomOf(dataDir), 'new'), dataDir, disk)
    go('trial')
  }
  if (isStart && plan.step === 'trial' && plan.tries >= TRIES) go('out')
  if (plan.step === 'trial') {
    if (isStart) go('trial', plan.tries + 1)
    return {
      kind: 'trial',
      confirm() {
        // Without its plan a swap is over; the old house is only rubbish then.
        disk.remove(planOf(dataDir))
        disk.remove(roomOf(dataDir))
      },
      undo() {
        go('out')
        moveBack(dataDir, disk, go)
      },
    }
  }
  moveBack(dataDir, disk, go, plan.step)
  return { kind: 'undone' }
}

function moveBack(dataDir: string, disk: SwapDisk, go: (step: Plan['step']) => void, step: Plan['step'] = 'out'): void {
  if (step === 'out') {
    moveHouse(dataDir, join(roomOf(dataDir), 'refused'), disk)
    go('back')
  }
  moveHouse(join(roomOf(dataDir), 'old'), dataDir, disk)
  disk.remove(planOf(dataDir))
  disk.remove(roomOf(dataDir))
}

/** Moves what is there of a house; what was moved before is not there any more. */
function moveHouse(from: string, to: string, disk: SwapDisk): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const name of HOUSE) if (existsSync(join(from, name))) disk.move(join(from, name), join(to, name))
  syncFolder(to)
  syncFolder(from)
}

function readPlan(dataDir: string): Plan {
  return v.parse(Plan, JSON.parse(readFileSync(planOf(dataDir), 'utf8')))
}

function writePlan(dataDir: string, plan: Plan, disk: SwapDisk): void {
  // Written whole under another name: a power cut never leaves half a plan.
  disk.write(`${planOf(dataDir)}.new`, JSON.stringify(plan))
  disk.move(`${planOf(dataDir)}.new`, planOf(dataDir))
  syncFolder(roomOf(dataDir))
}

/** Makes moves within a folder last. Windows cannot open folders, and needs it not. */
function syncFolder(path: string): void {
  if (process.platform === 'win32' || !existsSync(path)) return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } catch {
    // Some network shares do not know it.
  } finally {
    closeSync(folder)
  }
}

const DISK: SwapDisk = {
  move: (from, to) => renameSync(from, to),
  write: (path, text) => writeFileSync(path, text, { mode: 0o600, flush: true }),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
}
