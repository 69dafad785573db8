/** A line of text; empty where it need not be there. */
export function Text({
  name,
  label,
  value,
  required = false,
  pattern,
}: {
  name: string
  label: string
  value: string
  required?: boolean
  pattern?: string
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        name={name}
        type="text"
        required={required}
        pattern={pattern}
        maxLength={2000}
        autocomplete="off"
        spellcheck={false}
        defaultValue={value}
      />
    </label>
  )
}

/** A whole number; null: none. */
export function Whole({
  name,
  label,
  help,
  value,
  least,
  most,
}: {
  name: string
  label: string
  help?: string
  value: number | null
  least: number
  most: number
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        name={name}
        type="number"
        inputMode={least < 0 ? 'text' : 'numeric'}
        min={least}
        max={most}
        defaultValue={value === null ? '' : String(value)}
      />
      {help !== undefined && <span class="help">{help}</span>}
    </label>
  )
}

/** One of a few; `names` where they are called otherwise than they are written. */
export function Choice({
  name,
  label,
  value,
  choices,
  names = {},
}: {
  name: string
  label: string
  value: string
  choices: readonly string[]
  names?: Readonly<Record<string, string>>
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select name={name} defaultValue={value}>
        {choices.map((one) => (
          <option key={one} value={one}>
            {names[one] ?? one}
          </option>
        ))}
      </select>
    </label>
  )
}
