import { useSignal } from '@preact/signals'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { ask } from '../api/request.ts'
import { useFresh } from '../live/use-events.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useToasts } from '../parts/toast.tsx'
import { Setting, SettingsAnswer } from './answers.ts'
import { choicesOf, printValue } from './print-value.ts'
import { words } from './words.ts'

/** Every setting with its value, default and origin; some can be changed here. */
export function SettingsSection() {
  const toasts = useToasts()
  const settings = useSignal<readonly Setting[]>([])
  const problem = useSignal<Problem | null>(null)
  const load = async (signal?: AbortSignal): Promise<void> => {
    try {
      const { items } = await ask('/api/v1/system/settings', SettingsAnswer, signal === undefined ? {} : { signal })
      // What can be changed comes first.
      settings.value = items.toSorted((a, b) => Number(b.live) - Number(a.live))
      problem.value = null
    } catch (thrown) {
      if (signal?.aborted !== true) problem.value = asProblem(thrown)
    }
  }
  useFresh((signal) => void load(signal))
  const put = async (key: string, value: string | number | null): Promise<void> => {
    const changed = await ask(`/api/v1/system/settings/${key}`, Setting, { method: 'PUT', json: { value } })
    settings.value = settings.value.map((one) => (one.key === key ? changed : one))
  }
  const change = async (before: Setting, value: string | null) => {
    const old = before.origin === 'house' ? printValue(before.value) : null
    try {
      await put(before.key, value)
      toasts.show({ text: words().changed(before.key), undo: () => put(before.key, old) })
    } catch (thrown) {
      toasts.fail(thrown)
      await load()
    }
  }
  return (
    <section class="system-part" aria-labelledby="settings">
      <h2 id="settings">{words().settings}</h2>
      <p class="help">{words().settingsHelp}</p>
      {problem.value !== null && <ProblemNote problem={problem.value} onRetry={() => void load()} />}
      <div class="settings-frame" role="group" aria-labelledby="settings" tabIndex={0}>
        <table class="settings">
          <thead>
            <tr>
              <th scope="col">{words().setting}</th>
              <th scope="col">{words().value}</th>
              <th scope="col">{words().default}</th>
              <th scope="col">{words().origin}</th>
            </tr>
          </thead>
          <tbody>
            {settings.value.map((one) => (
              <tr key={one.key}>
                <th scope="row">
                  <code>{one.key}</code>
                </th>
                <td>
                  {one.live && (one.origin === 'default' || one.origin === 'house') ? (
                    <LiveValue setting={one} onChange={(value) => void change(one, value)} />
                  ) : (
                    <code>{printValue(one.value)}</code>
                  )}
                </td>
                <td>
                  <code>{printValue(one.default)}</code>
                </td>
                <td>{words().origins[one.origin]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function LiveValue({ setting, onChange }: { setting: Setting; onChange: (value: string) => void }) {
  const value = printValue(setting.value)
  const choices = choicesOf(setting.shouldBe)
  if (choices.length > 0)
    return (
      <select aria-label={setting.key} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    )
  return (
    <input
      aria-label={setting.key}
      title={setting.shouldBe}
      inputMode="numeric"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  )
}
