import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ChannelsAnswer } from '../api/answers.ts'
import { ask } from '../api/request.ts'
import { channelsPath } from '../lineup/channel-pages.ts'
import { Combobox } from '../parts/combobox.tsx'
import type { Choice } from '../parts/combobox.tsx'
import { words } from './words.ts'

const MOST = 30

/** A channel of the house, found by name or number. */
export function ChannelChoice({ value, onChoose }: { value: string | null; onChoose: (id: string | null) => void }) {
  const typed = useSignal('')
  const choices = useSignal<readonly Choice[]>([])
  const q = typed.value
  useEffect(() => {
    const stop = new AbortController()
    ask(channelsPath({ q, group: null }, 0, MOST), ChannelsAnswer, { signal: stop.signal }).then(
      ({ items }) => {
        choices.value = items.map(({ id, name, number }) => ({ id, label: name, note: number }))
      },
      () => undefined,
    )
    return () => stop.abort()
  }, [q, choices])
  return (
    <Combobox
      label={words().slot.channel}
      choices={choices.value}
      value={value}
      onType={(text) => {
        typed.value = text
      }}
      onChoose={onChoose}
      placeholder={words().slot.findChannel}
      empty={words().slot.noChannel}
    />
  )
}
