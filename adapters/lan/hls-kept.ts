/**
 * Files stay for those who ask for the same ones a moment later: no more than so many bytes and files. What they are made of
 * stays anyway.
 */
const KEPT_BYTES = 4 * 1024 * 1024
const KEPT_FILES = 8

/** Files of a session that were put together, the newest ones. */
export class KeptFiles {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>()
  #bytes = 0

  /** The file of this name, made if it is not here. */
  get(name: string, make: () => Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const known = this.#files.get(name)
    if (known) return known
    const file = make()
    this.#files.set(name, file)
    this.#bytes += file.length
    for (const [oldest, { length }] of this.#files) {
      if ((this.#bytes <= KEPT_BYTES && this.#files.size <= KEPT_FILES) || oldest === name) break
      this.#files.delete(oldest)
      this.#bytes -= length
    }
    return file
  }
}
