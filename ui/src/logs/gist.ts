/** What is told of facts in one line, at most. */
const MOST = 240

/** Facts as one line: what people read first, then everything else as `name=value`. */
export function gist(facts: Readonly<Record<string, unknown>>): string {
  const { detail, ...rest } = facts
  const pairs = Object.entries(rest).map(([name, value]) => `${name}=${plain(value)}`)
  return [...(detail === undefined ? [] : [plain(detail)]), ...pairs].join('  ').slice(0, MOST)
}

const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
