import { ChannelLogo } from '../parts/channel-logo.tsx'
import { Icon } from '../parts/icon.tsx'
import { SELECT_COLUMN } from '../grid/column.ts'
import type { Column } from '../grid/column.ts'
import type { ChannelRow } from './answers.ts'
import type { DrawerPart } from './use-aim.ts'
import { words } from './words.ts'

/** What the cells of the list can do. */
export type ColumnPorts = {
  readonly rename: (row: ChannelRow, name: string, revision: string) => void
  readonly renumber: (row: ChannelRow, number: string, revision: string) => void
  readonly setEnabled: (row: ChannelRow, enabled: boolean) => void
  /** `part`: what of the channel somebody came for. */
  readonly open: (row: ChannelRow, part?: DrawerPart) => void
  readonly sourceName: (id: string) => string
}

/** The columns of the list; narrow screens show fewer. */
export function channelColumns({ rename, renumber, setEnabled, open, sourceName }: ColumnPorts): Column<ChannelRow>[] {
  const { columns, edit } = words()
  return [
    {
      key: SELECT_COLUMN,
      title: columns.select,
      isQuiet: true,
      width: '2.5rem',
      cell: () => <span class="row-check" aria-hidden="true" />,
    },
    {
      key: 'number',
      title: columns.number,
      width: 'var(--column-number)',
      sort: 'number',
      isHandle: true,
      cell: ({ number }) => (
        <>
          <Icon name="drag" />
          <span class="row-number">{number}</span>
        </>
      ),
      edit: {
        label: ({ name }) => edit.number(name),
        value: ({ number }) => number,
        inputMode: 'decimal',
        save: renumber,
      },
    },
    {
      key: 'logo',
      title: columns.logo,
      isQuiet: true,
      width: '3.5rem',
      from: 560,
      cell: (row) => <ChannelLogo channel={row} />,
    },
    {
      key: 'name',
      title: columns.name,
      width: 'minmax(9rem, 3fr)',
      sort: 'name',
      cell: (row) => <Name row={row} />,
      edit: {
        label: ({ number }) => edit.name(number),
        value: ({ name }) => name,
        save: rename,
      },
    },
    {
      key: 'groups',
      title: columns.groups,
      width: 'minmax(7rem, 1.6fr)',
      from: 720,
      sort: 'group',
      open: (row) => open(row, 'groups'),
      cell: ({ groups }) => <span class="row-text">{groups.join(', ')}</span>,
    },
    {
      key: 'sources',
      title: columns.sources,
      width: 'minmax(7rem, 1.2fr)',
      from: 820,
      sort: 'source',
      open: (row) => open(row, 'streams'),
      cell: ({ streams }) => <Sources streams={streams} sourceName={sourceName} />,
    },
    {
      key: 'guide',
      title: columns.guide,
      width: 'minmax(6rem, 1fr)',
      from: 960,
      open: (row) => open(row, 'guide'),
      cell: ({ guide }) =>
        guide === null ? (
          <span class="row-faint">{words().noGuide}</span>
        ) : (
          <span class="row-text" title={guide.state === 'chosen' ? words().guideChosen : undefined}>
            {guide.channel}
          </span>
        ),
    },
    {
      key: 'enabled',
      title: columns.enabled,
      width: 'var(--column-switch)',
      act: (row) => setEnabled(row, !row.enabled),
      cell: (row) => (
        <button
          type="button"
          tabIndex={-1}
          class="row-switch"
          aria-pressed={row.enabled}
          aria-label={row.enabled ? words().hide(row.name) : words().show(row.name)}
        >
          <i aria-hidden="true" />
        </button>
      ),
    },
    {
      key: 'open',
      title: columns.open,
      isQuiet: true,
      width: '3rem',
      act: (row) => open(row),
      cell: (row) => (
        <button type="button" tabIndex={-1} class="row-open" aria-label={words().open(row.name)}>
          <Icon name="right" />
        </button>
      ),
    },
  ]
}

function Name({ row }: { row: ChannelRow }) {
  const { flags } = words()
  return (
    <>
      <span class={`row-name${row.enabled ? '' : ' row-off'}`}>{row.name}</span>
      {row.favourite && <Flag text="★" label={flags.favourite} />}
      {row.quality !== null && row.quality !== 'sd' && <span class="tag">{row.quality.toUpperCase()}</span>}
      {row.media === 'radio' && <span class="tag">{flags.radio}</span>}
      {row.isAdult && <span class="tag">{flags.adult}</span>}
      {row.isEdited && <Flag text="✎" label={flags.edited} />}
      {row.isRunning && <Flag text="●" label={flags.running} good />}
      {row.hasProblem && <Flag text="!" label={flags.problem} bad />}
    </>
  )
}

function Flag({
  text,
  label,
  good = false,
  bad = false,
}: {
  text: string
  label: string
  good?: boolean
  bad?: boolean
}) {
  return (
    <span
      class={`row-flag${good ? ' row-good' : ''}${bad ? ' row-bad' : ''}`}
      role="img"
      aria-label={label}
      title={label}
    >
      {text}
    </span>
  )
}

function Sources({ streams, sourceName }: Pick<ChannelRow, 'streams'> & { sourceName: (id: string) => string }) {
  if (streams.length === 0) return <span class="row-faint">{words().noStreams}</span>
  return (
    <span class="row-text">
      {streams.map(({ source, state }, place) => (
        <span key={place} class={`row-stream row-${state}`} title={words().streamStates[state]}>
          {sourceName(source)}
          {state !== 'there' && <span class="visually-hidden"> ({words().streamStates[state]})</span>}
        </span>
      ))}
    </span>
  )
}
