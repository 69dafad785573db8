import { useSignal } from '@preact/signals'
import { at } from '../api/base.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { useToasts } from '../parts/toast.tsx'
import { formatClockRange, formatDay } from '../text/format.ts'
import type { Broadcast } from './answers.ts'
import { recordProgramme } from './record.ts'
import { words } from './words.ts'

const MINUTE_MS = 60_000

/** The page that plays a programme from its beginning. */
export function replayPath({ channelId, programme: { start, stop } }: Broadcast): string {
  const query = new URLSearchParams({ start: new Date(start).toISOString(), stop: new Date(stop).toISOString() })
  return at(`/player/any/${encodeURIComponent(channelId)}?${query.toString()}`)
}

/** All about one programme, and what can be done with it. */
export function ProgrammeCard({
  broadcast,
  now,
  canRecord,
  onClose,
}: {
  broadcast: Broadcast
  now: number
  /** A receiver of this house takes timers from this person. */
  canRecord: boolean
  onClose: () => void
}) {
  const { programme } = broadcast
  const { start, stop } = programme
  const facts = [
    `${formatDay(start)}, ${formatClockRange(start, stop)}`,
    words().minutes(Math.round((stop - start) / MINUTE_MS)),
    ...programme.categories,
    ...(programme.repeat ? [words().repeat] : []),
  ]
  return (
    <Dialog
      title={programme.title}
      open
      onClose={onClose}
      actions={
        <>
          {canRecord && stop > now && <Record broadcast={broadcast} />}
          {programme.canReplay && start <= now && (
            <a class="button" href={replayPath(broadcast)}>
              <Icon name="undo" />
              {words().replay}
            </a>
          )}
          {start <= now && now < stop && (
            <a class="button button-strong" href={at(`/player/any/${encodeURIComponent(broadcast.channelId)}`)}>
              <Icon name="play" />
              {words().watch}
            </a>
          )}
        </>
      }
    >
      <p class="guide-card-channel">
        <span class="channel-number">{broadcast.number}</span> {broadcast.name}
      </p>
      {programme.subtitle !== null && <p class="guide-card-subtitle">{programme.subtitle}</p>}
      <p class="guide-card-facts">{facts.join(' · ')}</p>
      {programme.episode !== null && (
        <p class="guide-card-facts">
          {programme.season === null
            ? words().episode(programme.episode)
            : words().season(programme.season, programme.episode)}
        </p>
      )}
      {programme.description !== null && <p class="guide-card-text">{programme.description}</p>}
    </Dialog>
  )
}

function Record({ broadcast }: { broadcast: Broadcast }) {
  const toasts = useToasts()
  const busy = useSignal(false)
  const record = async () => {
    busy.value = true
    try {
      const recording = await recordProgramme(broadcast)
      toasts.show({ text: words().recording(broadcast.programme.title), undo: recording.undo })
    } catch (thrown) {
      toasts.fail(thrown)
    }
    busy.value = false
  }
  return (
    <button type="button" class="button" disabled={busy.value} onClick={() => void record()}>
      <Icon name="record" />
      {words().record}
    </button>
  )
}
