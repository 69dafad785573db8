import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asProblem } from '../api/problem.ts'
import type { Problem } from '../api/problem.ts'
import { playerPath } from '../lineup/channel-row.tsx'
import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Waiting } from '../parts/waiting.tsx'
import type { ChannelRow } from './answers.ts'
import type { Edits } from './edits.ts'
import { GroupsPart } from './groups-part.tsx'
import { GuidePart } from './guide-part.tsx'
import { LogoPart } from './logo-part.tsx'
import { NamesPart } from './names-part.tsx'
import { fetchRow } from './rows.ts'
import { StreamsPart } from './streams-part.tsx'
import type { Facets } from './use-facets.ts'
import type { DrawerPart } from './use-aim.ts'
import { words } from './words.ts'

type Known = { readonly row: ChannelRow | null; readonly revision: string }

/** One channel with everything behind it. `version`: changes when the line-up does, so that it is asked for again. */
export function ChannelDrawer({
  id,
  part,
  facets,
  edits,
  version,
  onClose,
}: {
  id: string
  /** What somebody came for; null: the channel. */
  part: DrawerPart | null
  facets: Facets
  edits: Edits
  version: string
  onClose: () => void
}) {
  const known = useSignal<Known | null>(null)
  const problem = useSignal<Problem | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    fetchRow(id, stop.signal).then(
      (found) => {
        known.value = found
        problem.value = null
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) problem.value = asProblem(thrown)
      },
    )
    return () => stop.abort()
  }, [id, version, known, problem])
  const row = known.value?.row ?? null
  const revision = known.value?.revision ?? ''
  return (
    <Dialog title={row?.name ?? words().columns.open} open side onClose={onClose}>
      {problem.value !== null && <ProblemNote problem={problem.value} />}
      {known.value === null && problem.value === null && <Waiting what={words().loading} />}
      {known.value !== null && row === null && <p class="nothing">{words().conflict.gone}</p>}
      {row !== null && (
        <>
          <div class="drawer-face">
            <ChannelLogo channel={row} />
            <span class="drawer-facts">
              <span class="row-number">{row.number}</span>
              {row.quality !== null && <span class="tag">{row.quality.toUpperCase()}</span>}
              {row.media === 'radio' && <span class="tag">{words().flags.radio}</span>}
              {row.isAdult && <span class="tag">{words().flags.adult}</span>}
            </span>
            {row.enabled && (
              <a class="button" href={playerPath({ id: row.id, sources: row.streams.map(({ source }) => source) })}>
                {words().drawer.watch}
              </a>
            )}
          </div>
          <NamesPart row={row} revision={revision} edits={edits} />
          <LogoPart row={row} edits={edits} />
          <GroupsPart row={row} revision={revision} facets={facets} edits={edits} isAimed={part === 'groups'} />
          <StreamsPart row={row} version={version} facets={facets} edits={edits} isAimed={part === 'streams'} />
          <GuidePart row={row} version={version} isAimed={part === 'guide'} />
        </>
      )}
    </Dialog>
  )
}
