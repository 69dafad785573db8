import { useId } from 'preact/hooks'
import { formatShare } from '../text/format.ts'
import type { BulkForm } from './bulk-change.ts'
import type { Facets } from './use-facets.ts'
import { words } from './words.ts'

type FieldsProps = { form: BulkForm; facets: Facets; onForm: (form: BulkForm) => void }

/** The fields of a kind of change. */
export function BulkFields(props: FieldsProps) {
  const { form, facets, onForm } = props
  const texts = words().bulk
  switch (form.kind) {
    case 'rename':
      return <RenameFields {...props} />
    case 'group':
      return <GroupFields {...props} />
    case 'number':
      return (
        <>
          <Text
            label={texts.from}
            value={form.from}
            isDecimal
            isOff={form.isByRules}
            onValue={(from) => onForm({ ...form, from })}
          />
          <Check label={texts.byRules} value={form.isByRules} onValue={(isByRules) => onForm({ ...form, isByRules })} />
        </>
      )
    case 'enabled':
      return (
        <Radios
          name="enabled"
          value={form.enabled}
          options={[
            ['show', texts.show],
            ['hide', texts.hide],
            ['rules', texts.rules],
          ]}
          onValue={(enabled) => onForm({ ...form, enabled: enabled as BulkForm['enabled'] })}
        />
      )
    case 'favourite':
      return (
        <Radios
          name="favourite"
          value={form.favourite ? 'yes' : 'no'}
          options={[
            ['yes', texts.makeFavourite],
            ['no', texts.noFavourite],
          ]}
          onValue={(value) => onForm({ ...form, favourite: value === 'yes' })}
        />
      )
    case 'source':
      return (
        <Select
          label={texts.source}
          value={form.source}
          options={[['', '–'], ...facets.sources.map(({ id, name }) => [id, name] as const)]}
          onValue={(source) => onForm({ ...form, source })}
        />
      )
    case 'guide':
      return (
        <label class="field">
          <span class="label">
            {texts.threshold}: {formatShare(form.threshold)}
          </span>
          <input
            type="range"
            min={30}
            max={100}
            step={5}
            value={form.threshold * 100}
            onInput={(event) => onForm({ ...form, threshold: Number(event.currentTarget.value) / 100 })}
          />
        </label>
      )
    default:
      return form.kind satisfies never
  }
}

function RenameFields({ form, onForm }: FieldsProps) {
  const texts = words().bulk
  return (
    <>
      <Text
        label={texts.pattern}
        help={texts.patternHelp}
        value={form.pattern}
        isOff={form.isBackToSource}
        onValue={(pattern) => onForm({ ...form, pattern })}
      />
      <Text
        label={texts.replacement}
        help={texts.replacementHelp}
        value={form.replacement}
        isOff={form.isBackToSource}
        onValue={(replacement) => onForm({ ...form, replacement })}
      />
      <Check
        label={texts.backToSource}
        value={form.isBackToSource}
        onValue={(isBackToSource) => onForm({ ...form, isBackToSource })}
      />
    </>
  )
}

function GroupFields({ form, facets, onForm }: FieldsProps) {
  const texts = words().bulk
  const list = useId()
  return (
    <>
      <Text
        label={texts.addGroup}
        value={form.addGroup}
        list={list}
        onValue={(addGroup) => onForm({ ...form, addGroup })}
      />
      <datalist id={list}>
        {facets.groups.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {form.addGroup.trim() !== '' && !facets.groups.includes(form.addGroup.trim()) && (
        <p class="help">{texts.isNewGroup(form.addGroup.trim())}</p>
      )}
      <Select
        label={texts.removeGroup}
        value={form.removeGroup}
        options={[['', texts.noGroup], ...facets.groups.map((name) => [name, name] as const)]}
        onValue={(removeGroup) => onForm({ ...form, removeGroup })}
      />
    </>
  )
}

function Text({
  label,
  help,
  value,
  list,
  isDecimal = false,
  isOff = false,
  onValue,
}: {
  label: string
  help?: string
  value: string
  list?: string
  isDecimal?: boolean
  isOff?: boolean
  onValue: (value: string) => void
}) {
  const id = useId()
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        inputMode={isDecimal ? 'numeric' : 'text'}
        value={value}
        list={list}
        disabled={isOff}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {help !== undefined && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  )
}

function Check({ label, value, onValue }: { label: string; value: boolean; onValue: (value: boolean) => void }) {
  return (
    <label class="choice">
      <input type="checkbox" checked={value} onChange={(event) => onValue(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  )
}

function Radios({
  name,
  value,
  options,
  onValue,
}: {
  name: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onValue: (value: string) => void
}) {
  return (
    <fieldset class="choices">
      <legend class="visually-hidden">{words().bulk.what}</legend>
      {options.map(([one, label]) => (
        <label key={one} class="choice">
          <input type="radio" name={name} checked={one === value} onChange={() => onValue(one)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Select({
  label,
  value,
  options,
  onValue,
}: {
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onValue: (value: string) => void
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
