import { parsePat, parsePmt, SectionReader } from './psi.ts'
import type { ParsedPmt } from './psi.ts'

/** Programmes of a PAT beyond this are not looked at; a transponder has some dozens. */
const MAX_PROGRAMS = 512

type Candidate = { readonly programNumber: number; readonly reader: SectionReader }

/**
 * Finds one programme in an upstream's PAT and PMT.
 *
 * A transponder's PAT names programmes that are not there, so without a wanted number the first one whose PMT comes is
 * taken. A PMT counts as new when its bytes differ: not every sender counts its versions.
 */
export class ProgramFinder {
  readonly #wanted: number | null
  readonly #onPmt: (pmt: ParsedPmt) => void
  readonly #pat = new SectionReader()
  #candidates = new Map<number, Candidate[]>()
  #chosen: number | null
  #last: Uint8Array | null = null

  /** PAT sections read. */
  tables = 0
  /** Of these, the ones in a row that did not name the programme. */
  missing = 0

  constructor(wanted: number | null, onPmt: (pmt: ParsedPmt) => void) {
    this.#wanted = wanted
    this.#chosen = wanted
    this.#onPmt = onPmt
  }

  /** PIDs on which a PMT is expected. */
  pmtPids(): Iterable<number> {
    return this.#candidates.keys()
  }

  /** Takes a packet of PID 0; true: the PIDs of the PMT are others now. */
  pat(bytes: Uint8Array, offset: number): boolean {
    let isChanged = false
    for (const section of this.#pat.push(bytes, offset)) {
      const programs = parsePat(section)
      if (programs === null) continue
      this.tables += 1
      if (this.#take(programs)) isChanged = true
    }
    return isChanged
  }

  #take(programs: ReadonlyMap<number, number>): boolean {
    if (this.#chosen !== null) {
      const pid = programs.get(this.#chosen)
      this.missing = pid === undefined ? this.missing + 1 : 0
      if (pid !== undefined) return this.#listen([[this.#chosen, pid]], true)
      if (this.#wanted !== null || programs.size === 0) return false
      this.#chosen = null
    }
    return this.#listen(programs, false)
  }

  /** Expects these programmes; `only`: and no others. */
  #listen(programs: Iterable<readonly [number, number]>, only: boolean): boolean {
    let isChanged = false
    const kept = new Map<number, Candidate[]>(only ? [] : this.#candidates)
    for (const [programNumber, pid] of programs) {
      const known = this.#candidates.get(pid)?.find((candidate) => candidate.programNumber === programNumber)
      const others = kept.get(pid) ?? []
      if (known && others.includes(known)) continue
      if (!known && kept.size >= MAX_PROGRAMS) break
      kept.set(pid, [...others, known ?? { programNumber, reader: new SectionReader() }])
      isChanged ||= known === undefined
    }
    isChanged ||= kept.size !== this.#candidates.size
    this.#candidates = kept
    return isChanged
  }

  /** Takes a packet of one of the PMT PIDs; true: the PIDs of the PMT are others now. */
  pmt(pid: number, bytes: Uint8Array, offset: number): boolean {
    const [candidate] = this.#candidates.get(pid) ?? []
    if (candidate === undefined) return false
    for (const section of candidate.reader.push(bytes, offset)) {
      const pmt = parsePmt(section)
      // Several programmes may share a PID.
      if (pmt === null || !this.#isExpected(pid, pmt.programNumber)) continue
      const isFirst = this.#chosen === null
      this.#chosen = pmt.programNumber
      if (this.#last !== null && isSame(this.#last, section)) continue
      this.#last = section
      this.#onPmt(pmt)
      if (isFirst) return this.#listen([[pmt.programNumber, pid]], true)
    }
    return false
  }

  #isExpected(pid: number, programNumber: number): boolean {
    if (this.#chosen !== null) return programNumber === this.#chosen
    return this.#candidates.get(pid)?.some((candidate) => candidate.programNumber === programNumber) === true
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
