import type * as v from 'valibot'

/** How a value is entered. */
export type FieldKind = 'text' | 'secret' | 'number' | 'switch' | 'lines' | 'rows' | 'choice'

/** How a list of secrets is entered, a row each: what the gateway keeps is named by its place and never shown. */
export type RowsSpec = {
  /** One in its usual spelling; null: the text is none. */
  readonly parse: (text: string) => string | null
  readonly words: {
    /** Name of the kept one at a place, from 1. */
    readonly kept: (place: number) => string
    /** Label of a row for a new one. */
    readonly fresh: (row: number) => string
    /** Label of the field below the rows, and of its button. */
    readonly next: string
    readonly add: string
    readonly nextHelp: string
    readonly remove: (name: string) => string
    readonly wrong: string
    readonly twice: string
  }
  /** What should be known about a good one; null: nothing. */
  readonly advice?: (one: string) => string | null
  /** What is known of the kept one at a place; null: nothing. */
  readonly note?: (place: number) => { readonly text: string; readonly isBad: boolean } | null
}

/** What a form says about one key; its kind, limits and default come from the schema unless it is written here. */
export type FieldSpec = {
  readonly key: string
  readonly label: string
  readonly help?: string
  readonly kind?: FieldKind
  /** For the kind `rows`. */
  readonly rows?: RowsSpec
  /** Stands behind a number: `s`, `kbit/s`. */
  readonly unit?: string
  readonly placeholder?: string
  /** Names of the choices; the words of the schema where there are none. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
  /** What the value should be, in the language of the page, for when it is not. */
  readonly should?: string
  /** Below "More settings". */
  readonly advanced?: boolean
  readonly autocomplete?: AutoFill
}

/** A field as it is drawn. */
export type Field = FieldSpec & {
  readonly kind: FieldKind
  readonly required: boolean
  readonly default: unknown
  readonly min: number | null
  readonly max: number | null
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly schema: v.GenericSchema | null
}

/** The schema of a mapping, also where checks over several keys stand behind it. */
export type MappingSchema = v.GenericSchema & { readonly entries?: v.ObjectEntries }

const entriesOf = (schema: MappingSchema): Readonly<Record<string, v.GenericSchema>> =>
  (schema.entries ?? {}) as Readonly<Record<string, v.GenericSchema>>

/** The fields of a schema, in the order of their specs. A key that the schema does not know throws `TypeError`: it is a slip. */
export function describeFields(schema: MappingSchema, specs: readonly FieldSpec[]): readonly Field[] {
  const entries = entriesOf(schema)
  return specs.map((spec) => {
    const entry = entries[spec.key]
    if (entry === undefined) throw new TypeError(`The schema has no key "${spec.key}"`)
    const facts = factsOf(entry)
    return {
      ...spec,
      kind: spec.kind ?? facts.kind,
      required: !facts.optional,
      default: facts.default,
      min: facts.min,
      max: facts.max,
      choices: spec.choices ?? facts.options.map((option) => ({ value: option, label: option })),
      schema: entry,
    }
  })
}

type Facts = {
  kind: FieldKind
  optional: boolean
  default: unknown
  min: number | null
  max: number | null
  options: readonly string[]
}

/** What a schema tells of its input: what stands first in a pipe is what is entered. */
function factsOf(schema: v.GenericSchema): Facts {
  const facts: Facts = { kind: 'text', optional: false, default: undefined, min: null, max: null, options: [] }
  const look = (part: unknown): void => {
    if (!isPart(part)) return
    const { type } = part
    if (type === 'optional' || type === 'nullish' || type === 'nullable') {
      facts.optional = true
      facts.default ??= part['default']
      look(part['wrapped'])
      return
    }
    const pipe = part['pipe']
    if (Array.isArray(pipe)) {
      const [first, ...rest] = pipe as readonly unknown[]
      look(first)
      for (const step of rest) {
        if (!isPart(step)) continue
        const { requirement } = step
        if (step.type === 'min_value' && typeof requirement === 'number') facts.min = requirement
        if (step.type === 'max_value' && typeof requirement === 'number') facts.max = requirement
      }
    }
    if (type === 'boolean') facts.kind = 'switch'
    if (type === 'number') facts.kind = 'number'
    if (type === 'array') facts.kind = 'lines'
    if (type === 'picklist' && Array.isArray(part['options'])) {
      facts.kind = 'choice'
      facts.options = part['options'].map(String)
    }
  }
  look(schema)
  return facts
}

const isPart = (part: unknown): part is Readonly<Record<string, unknown>> & { readonly type: string } =>
  typeof part === 'object' && part !== null && 'type' in part && typeof part.type === 'string'
