import type { Preview, PreviewRow } from './answers.ts'
import { words } from './words.ts'

/** The first rows of what an edit would do, before and after. */
export function PreviewTable({ preview }: { preview: Preview }) {
  const texts = words().bulk
  const { changed, added, removed, rows } = preview
  const all = changed + added + removed
  const { columns } = words()
  const hasNumbers = rows.some(({ before, after }) => before?.number !== after?.number)
  const hasGroups = rows.some(({ before, after }) => before?.groups.join('\n') !== after?.groups.join('\n'))
  const hasStates = rows.some(({ before, after }) => before?.enabled !== after?.enabled)
  return (
    <>
      <p>
        {texts.changes(all)}
        {all > rows.length && <> · {texts.first(rows.length)}</>}
      </p>
      <div class="preview-scroll" tabIndex={0} role="region" aria-label={texts.preview}>
        <table class="values">
          <thead>
            <tr>
              <th scope="col">{columns.number}</th>
              <th scope="col">{columns.name}</th>
              {hasGroups && <th scope="col">{columns.groups}</th>}
              {hasStates && <th scope="col">{columns.enabled}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  {hasNumbers ? <Change row={row} of={(side) => side.number} /> : (row.after ?? row.before)?.number}
                </td>
                <td>
                  <Change row={row} of={(side) => side.name} />
                </td>
                {hasGroups && (
                  <td>
                    <Change row={row} of={(side) => side.groups.join(', ')} />
                  </td>
                )}
                {hasStates && (
                  <td>
                    <Change row={row} of={(side) => (side.enabled ? words().shown : words().hidden)} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all > rows.length && <p class="help">{texts.more(all - rows.length)}</p>}
    </>
  )
}

type Side = NonNullable<PreviewRow['before']>

function Change({ row: { before, after }, of }: { row: PreviewRow; of: (side: Side) => string }) {
  const old = before === null ? null : of(before)
  const fresh = after === null ? null : of(after)
  if (old === fresh) return <>{old}</>
  return (
    <>
      {old !== null && <del>{old}</del>} {fresh !== null && <ins>{fresh}</ins>}
    </>
  )
}
