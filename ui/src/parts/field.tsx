import { useEffect, useId, useRef } from 'preact/hooks'

/** A labelled text field with an optional line of help. Always required: the pages ask only what they need. */
export function Field(props: {
  label: string
  name: string
  type?: 'text' | 'password'
  autocomplete: AutoFill
  help?: string
  autofocus?: boolean
  minLength?: number
  placeholder?: string
  defaultValue?: string
}) {
  const { label, help, autofocus = false, type = 'text', ...rest } = props
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (autofocus) input.current?.focus()
  }, [autofocus])
  const shared = {
    ...rest,
    ref: input,
    id,
    required: true,
    autocapitalize: 'none',
    spellcheck: false,
    'aria-describedby': help === undefined ? undefined : `${id}-help`,
  } as const
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {type === 'password' ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {help !== undefined && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
    </div>
  )
}
