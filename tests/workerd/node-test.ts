// Stands in for `node:test` on workerd, whose own one is a stub: collects the tests of one file and runs them in order.

type Body = (context: TestContext) => unknown
type Options = { readonly skip?: boolean | string; readonly todo?: boolean | string }
type Hook = () => unknown
type Group = {
  readonly title: string
  readonly parent: Group | null
  readonly items: Item[]
  readonly hooks: Record<'before' | 'after' | 'beforeEach' | 'afterEach', Hook[]>
}
type Item = { readonly group: Group } | { readonly title: string; readonly body: Body; readonly skip: boolean }

/** What came of one test; `error` is null when it passed. */
export type Result = { readonly title: string; readonly skipped: boolean; readonly error: string | null }

type TestContext = {
  readonly name: string
  readonly signal: AbortSignal
  skip(): void
  diagnostic(): void
  after(hook: Hook): void
  test(title: string, body: Body): Promise<void>
}

const createGroup = (title: string, parent: Group | null): Group => ({
  title,
  parent,
  items: [],
  hooks: { before: [], after: [], beforeEach: [], afterEach: [] },
})

let current = createGroup('', null)

const add = (title: string, optionsOrBody: Options | Body, maybeBody?: Body): void => {
  const [options, body] = typeof optionsOrBody === 'function' ? [{}, optionsOrBody] : [optionsOrBody, maybeBody]
  const { skip, todo } = options as Options
  current.items.push({
    title,
    body: body ?? (() => {}),
    skip: Boolean(skip ?? false) || Boolean(todo ?? false) || body === undefined,
  })
}

/** Declares a test. */
export const test = Object.assign(add, {
  skip: (title: string) => add(title, { skip: true }),
  todo: (title: string) => add(title, { todo: true }),
})
/** The same as `test`. */
export const it = test

/** Declares a group of tests. */
export const describe = (title: string, body: () => void): void => {
  const group = createGroup(title, current)
  current.items.push({ group })
  current = group
  body()
  current = group.parent ?? group
}
/** The same as `describe`. */
export const suite = describe

const hook =
  (name: keyof Group['hooks']) =>
  (body: Hook): void => {
    current.hooks[name].push(body)
  }
/** Runs once before the tests of the group. */
export const before = hook('before')
/** Runs once after the tests of the group. */
export const after = hook('after')
/** Runs before each test of the group. */
export const beforeEach = hook('beforeEach')
/** Runs after each test of the group. */
export const afterEach = hook('afterEach')

/** Loads a test file, runs what it declares, and gives the results. */
export async function runTestFile(load: () => Promise<unknown>): Promise<Result[]> {
  const root = createGroup('', null)
  current = root
  const results: Result[] = []
  try {
    await load()
    await runGroup(root, [], results)
  } catch (error) {
    results.push({ title: 'the file itself', skipped: false, error: describeError(error) })
  }
  return results
}

async function runGroup(group: Group, around: readonly Group[], results: Result[]): Promise<void> {
  for (const body of group.hooks.before) await body()
  for (const item of group.items) {
    if ('group' in item) await runGroup(item.group, [...around, group], results)
    else if (item.skip) results.push({ title: item.title, skipped: true, error: null })
    else results.push(await runTest(item.title, item.body, [...around, group]))
  }
  for (const body of group.hooks.after) await body()
}

async function runTest(title: string, body: Body, groups: readonly Group[]): Promise<Result> {
  const ends: Hook[] = []
  let skipped = false
  const context: TestContext = {
    name: title,
    signal: new AbortController().signal,
    skip: () => void (skipped = true),
    diagnostic: () => {},
    after: (end) => void ends.push(end),
    async test(subtitle, subtest) {
      const { error } = await runTest(subtitle, subtest, [])
      if (error !== null) throw new Error(`${subtitle}: ${error}`)
    },
  }
  let error: string | null = null
  try {
    for (const group of groups) for (const each of group.hooks.beforeEach) await each()
    await body(context)
  } catch (thrown) {
    error = describeError(thrown)
  }
  for (const end of [...ends, ...groups.toReversed().flatMap((group) => group.hooks.afterEach)]) {
    try {
      await end()
    } catch (thrown) {
      error ??= describeError(thrown)
    }
  }
  return { title, skipped, error }
}

const describeError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
