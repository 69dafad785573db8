import * as v from 'valibot'
import { RuleSchema } from '../../core/lineup/rule.ts'
import type { WholePart } from '../../core/lineup/store.ts'
import { groupKey } from '../../core/lineup/stored.ts'
import type { SourceGroups, StoredLineup } from '../../core/lineup/stored.ts'
import { sourceId } from '../../core/lineup/stream.ts'
import type { Database } from './database.ts'
import { ChannelKeys } from './list-reader.ts'

/** Writes one of the small parts of a line-up anew, inside the caller's transaction. */
export function writePart(database: Database, part: WholePart, lineup: StoredLineup): void {
  switch (part) {
    case 'groups':
      return writeGroups(database, lineup)
    case 'ownGroups':
      return writeOwnGroups(database, lineup)
    case 'selections':
      return writeSelections(database, lineup)
    case 'rules':
      return writeRules(database, lineup)
    default:
      return part satisfies never
  }
}

function writeGroups(database: Database, { groups }: StoredLineup): void {
  database.run('delete from source_group')
  for (const [sourcePosition, source] of groups.entries()) {
    const names = source.names.length > 0 ? source.names : [null]
    for (const [position, name] of names.entries()) {
      database.run(
        'insert into source_group (source_position, position, source_id, name) values (?, ?, ?, ?)',
        sourcePosition,
        position,
        source.sourceId,
        name,
      )
    }
  }
}

function writeOwnGroups(database: Database, { ownGroups }: StoredLineup): void {
  database.run('delete from own_group')
  for (const group of ownGroups) {
    database.run(
      `insert into own_group (key, source_name, own_name, hidden, logo, sort, members, position)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
      group.key,
      group.sourceName,
      group.ownName,
      Number(group.hidden),
      group.logo,
      group.sort,
      JSON.stringify(group.members),
      group.position,
    )
  }
}

function writeSelections(database: Database, { selections }: StoredLineup): void {
  database.run('delete from selection')
  for (const [position, selection] of selections.entries()) {
    database.run(
      'insert into selection (id, list_position, name, filter, members, sort) values (?, ?, ?, ?, ?, ?)',
      selection.id,
      position,
      selection.name,
      selection.filter,
      JSON.stringify(selection.members),
      selection.sort,
    )
  }
}

function writeRules(database: Database, { rules }: StoredLineup): void {
  database.run('delete from rule')
  for (const [position, rule] of rules.entries())
    database.run('insert into rule (position, document) values (?, ?)', position, JSON.stringify(rule))
}

/** The groups of the sources, in order of source. */
export function readGroups(database: Database): readonly SourceGroups[] {
  const sources = new Map<string, string[]>()
  for (const row of database.all('select source_id, name from source_group order by source_position, position')) {
    const names = sources.get(String(row['source_id'])) ?? []
    sources.set(String(row['source_id']), names)
    if (row['name'] !== null) names.push(String(row['name']))
  }
  return [...sources].map(([id, names]) => ({ sourceId: sourceId(id), names }))
}

const Flag = v.pipe(
  v.number(),
  v.transform((flag) => flag !== 0),
)
const Members = v.pipe(v.string(), v.parseJson(), ChannelKeys)
const GroupRow = v.object({
  key: v.pipe(v.number(), v.transform(groupKey)),
  source_name: v.nullable(v.string()),
  own_name: v.nullable(v.string()),
  hidden: Flag,
  logo: v.nullable(v.string()),
  sort: v.picklist(['number', 'name', 'own']),
  members: Members,
  position: v.nullable(v.number()),
})
const SelectionRow = v.object({
  id: v.string(),
  name: v.string(),
  filter: v.nullable(v.string()),
  members: Members,
  sort: v.picklist(['number', 'name', 'group']),
})
const RuleRow = v.object({ document: v.pipe(v.string(), v.parseJson(), RuleSchema) })

/** What the owner made beside the channels. */
export function readOwnParts(database: Database): Pick<StoredLineup, 'ownGroups' | 'selections' | 'rules'> {
  const groups = v.parse(v.array(GroupRow), database.all('select * from own_group order by key'))
  return {
    ownGroups: groups.map(({ source_name: sourceName, own_name: ownName, ...group }) => ({
      ...group,
      sourceName,
      ownName,
    })),
    selections: v.parse(v.array(SelectionRow), database.all('select * from selection order by list_position')),
    rules: v
      .parse(v.array(RuleRow), database.all('select document from rule order by position'))
      .map(({ document }) => document),
  }
}
