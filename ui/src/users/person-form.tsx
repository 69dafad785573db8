import { useMemo } from 'preact/hooks'
import * as v from 'valibot'
import { PersonKeys } from '../../../core/access/person-keys.ts'
import type { FieldSpec } from '../forms/describe-field.ts'
import { KEPT } from '../forms/draft.ts'
import { SchemaForm } from '../forms/schema-form.tsx'
import type { Person } from './answers.ts'
import { words } from './words.ts'

const EDITED = v.omit(PersonKeys, ['name'])

const specs = (): readonly FieldSpec[] => {
  const { fields } = words()
  return [
    { key: 'password', label: fields.password, kind: 'secret', should: fields.passwordShould },
    {
      key: 'role',
      label: fields.role,
      choices: [
        { value: 'viewer', label: fields.roleViewer },
        { value: 'admin', label: fields.roleAdmin },
      ],
    },
    { key: 'maxStreams', label: fields.maxStreams, help: fields.maxStreamsHelp },
    { key: 'adultLock', label: fields.adultLock },
    { key: 'groups', label: fields.groups, help: fields.groupsHelp },
    { key: 'selections', label: fields.selections },
    {
      key: 'expires',
      label: fields.expires,
      kind: 'text',
      help: fields.expiresHelp,
      should: fields.expiresShould,
      placeholder: '2027-01-31',
    },
  ]
}

/** The keys of somebody who is there, as the form writes them. */
const shown = ({ role, maxStreams, adultLock, groups, selections, expires }: Person) => ({
  password: KEPT,
  role,
  maxStreams,
  adultLock,
  groups,
  selections,
  ...(expires !== null && { expires: new Date(expires).toISOString().slice(0, 10) }),
})

/** What somebody may: a new account, or the limits of one that is there. */
export function PersonForm({
  person,
  onSubmit,
}: {
  /** Null: somebody new. */
  person: Person | null
  onSubmit: (values: Readonly<Record<string, unknown>>) => Promise<void>
}) {
  const before = useMemo(() => (person === null ? null : shown(person)), [person])
  const { fields } = words()
  const all = useMemo(
    () => (person === null ? [{ key: 'name', label: fields.name, help: fields.nameHelp }, ...specs()] : specs()),
    [person, fields],
  )
  return (
    <SchemaForm
      key={person?.id ?? ''}
      schema={person === null ? PersonKeys : EDITED}
      specs={all}
      before={before}
      submit={person === null ? words().create : words().save}
      disabled={person?.managed === true}
      onSubmit={onSubmit}
    />
  )
}
