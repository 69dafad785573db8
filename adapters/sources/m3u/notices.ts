import type { ChannelList } from './channel-list.ts'

/** What the owner of a list should know of it, as sentences. */
export function listNotices(source: string, { leftOut, problems }: ChannelList): readonly string[] {
  const tell = (count: number | undefined, sentence: (count: number) => string): readonly string[] =>
    count === undefined || count === 0 ? [] : [`Source "${source}": ${sentence(count)}`]
  return [
    ...tell(problems.count, (count) => `${count} lines of the list cannot be used (${problems.first.join('; ')})`),
    ...tell(
      leftOut.get('film'),
      (count) => `${count} films and episodes of the list are left out; it is taken for live channels`,
    ),
    ...tell(
      leftOut.get('scheme'),
      (count) => `${count} channels of the list are left out: only http and https can be played`,
    ),
    ...tell(
      leftOut.get('address'),
      (count) => `${count} channels of the list are left out: their addresses cannot be read`,
    ),
  ]
}
