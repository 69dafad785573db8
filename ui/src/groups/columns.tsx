import { at } from '../api/base.ts'
import type { OwnGroup } from '../channels/answers.ts'
import type { Column } from '../grid/column.ts'
import { Icon } from '../parts/icon.tsx'
import { formatNumber } from '../text/format.ts'
import { words } from './words.ts'

/** A group in the list; its name is its id. */
export type GroupRow = OwnGroup & { readonly id: string }

/** What the cells of the list can do. */
export type GroupPorts = {
  readonly rename: (group: GroupRow, name: string) => void
  readonly setShown: (group: GroupRow, isShown: boolean) => void
  readonly open: (group: GroupRow) => void
}

/** The columns of the list of groups. */
export function groupColumns({ rename, setShown, open }: GroupPorts): Column<GroupRow>[] {
  const { columns, sorts } = words()
  return [
    {
      key: 'place',
      title: columns.place,
      width: '4rem',
      isHandle: true,
      cell: (_, index) => (
        <>
          <Icon name="drag" />
          <span class="row-number">{formatNumber(index + 1)}</span>
        </>
      ),
    },
    {
      key: 'name',
      title: columns.name,
      width: 'minmax(7rem, 3fr)',
      cell: ({ name, logo, hidden }) => (
        <>
          {/* Pictures of other hosts are for players: this page asks nobody but its house. */}
          {logo?.startsWith('/') === true && <img class="group-logo" src={at(logo)} alt="" loading="lazy" />}
          <span class={`row-name${hidden ? ' row-off' : ''}`}>{name}</span>
        </>
      ),
      edit: {
        label: ({ name }) => words().editName(name),
        value: ({ name }) => name,
        save: rename,
      },
    },
    {
      key: 'channels',
      title: columns.channels,
      width: '5.5rem',
      from: 430,
      cell: ({ channels }) => <span class="row-number">{formatNumber(channels)}</span>,
    },
    {
      key: 'source',
      title: columns.sourceName,
      width: 'minmax(7rem, 2fr)',
      from: 760,
      cell: ({ name, sourceName }) =>
        sourceName === null ? (
          <span class="row-faint">{words().own}</span>
        ) : (
          <span class="row-text">{sourceName === name ? '' : sourceName}</span>
        ),
    },
    {
      key: 'sort',
      title: columns.sort,
      width: '9rem',
      from: 620,
      cell: ({ sort }) => <span class="row-text">{sorts[sort]}</span>,
    },
    {
      key: 'shown',
      title: columns.shown,
      width: '5rem',
      act: (group) => setShown(group, group.hidden),
      cell: ({ name, hidden }) => (
        <button
          type="button"
          tabIndex={-1}
          class="row-switch"
          aria-pressed={!hidden}
          aria-label={hidden ? words().show(name) : words().hide(name)}
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
      act: open,
      cell: ({ name }) => (
        <button type="button" tabIndex={-1} class="row-open" aria-label={words().open(name)}>
          <Icon name="right" />
        </button>
      ),
    },
  ]
}
