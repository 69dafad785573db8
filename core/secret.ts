/**
 * A text that must never be printed: in JSON, templates and logs it reads `***`.
 *
 * Only `reveal()` gives the text; call it where the bytes leave for their rightful reader.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  get [Symbol.toStringTag](): string {
    return 'Secret'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***'
  }
}
