import * as v from 'valibot'
import type { SettingStore } from '../adapters/store/setting-store.ts'
import { TargetBody } from '../core/alerts/target.ts'
import type { Target, TargetSecrets } from '../core/alerts/target.ts'
import { Failure } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'

const LIST_KEY = 'alerts/targets'
const secretKey = (id: string): string => `alerts/target/${id}`
/** More places than this are told in no house. */
const MOST_TARGETS = 50

type Body = v.InferOutput<typeof TargetBody>

const Kept = v.array(v.object({ id: v.string(), shownHost: v.string(), hasSecret: v.boolean(), body: TargetBody }))
const Sealed = v.object({ url: v.nullable(v.string()), secret: v.nullable(v.string()) })
const NO_SECRETS: TargetSecrets = { url: null, secret: null }

/** Where alerts are sent: what may be shown as it is, addresses and keys sealed. */
export interface AlertTargets {
  list(): readonly Target[]
  /** Fails with `alerts/unknown-target`. */
  find(id: string): Target
  put(id: string | null, body: Body): Promise<Target>
  remove(id: string): Promise<void>
  secrets(id: string): Promise<TargetSecrets>
}

/** Reads what is kept. */
export async function openTargets(settings: SettingStore): Promise<AlertTargets> {
  const text = await settings.text(LIST_KEY)
  const kept = v.safeParse(Kept, text === null ? [] : JSON.parse(text))
  let list: readonly Target[] = (kept.success ? kept.output : []).map(({ body, ...facts }) => shown(body, facts))

  const write = async (next: readonly Target[]): Promise<void> => {
    const rows = next.map(({ id, shownHost, hasSecret, ...body }) => ({ id, shownHost, hasSecret, body }))
    await settings.setText(LIST_KEY, JSON.stringify(rows))
    list = next
  }
  const find = (id: string): Target => {
    const target = list.find((one) => one.id === id)
    if (target === undefined) throw new Failure('alerts/unknown-target', 'No target has this id')
    return target
  }
  const secrets = async (id: string): Promise<TargetSecrets> => {
    const sealed = await settings.secret(secretKey(id))
    if (sealed === null) return NO_SECRETS
    const found = v.safeParse(Sealed, JSON.parse(sealed.reveal()))
    return found.success ? found.output : NO_SECRETS
  }

  return {
    list: () => list,
    find,
    secrets,
    async put(id, body) {
      const known = id === null ? null : find(id)
      if (known === null && list.length >= MOST_TARGETS)
        throw new Failure('http/busy', `${MOST_TARGETS} targets are enough`)
      const own = id ?? `t${crypto.randomUUID().replaceAll('-', '').slice(0, 10)}`
      const before = id === null ? NO_SECRETS : await secrets(id)
      const url = body.kind === 'email' ? null : (body.url ?? before.url)
      if (body.kind !== 'email' && url === null)
        throw new Failure('http/bad-request', 'Cannot read the body: "url" is missing')
      const shownHost = body.kind === 'email' ? body.host : (URL.parse(url ?? '')?.host ?? '')
      // A key must not go to another host than the one that it was meant for.
      const isSameHost = known === null || known.shownHost === shownHost
      const secret = body.secret ?? (isSameHost ? before.secret : null)
      const sealed: TargetSecrets = { url, secret: secret === '' ? null : secret }
      await settings.setSecret(secretKey(own), new Secret(JSON.stringify(sealed)))
      const target = shown(body, { id: own, shownHost, hasSecret: sealed.secret !== null })
      await write(id === null ? [...list, target] : list.map((one) => (one.id === id ? target : one)))
      return target
    },
    async remove(id) {
      find(id)
      await write(list.filter((one) => one.id !== id))
      await settings.remove(secretKey(id))
    },
  }
}

/** A target without what is never shown. */
function shown(body: Body, facts: Pick<Target, 'id' | 'shownHost' | 'hasSecret'>): Target {
  if (body.kind === 'email') {
    const { secret: _, ...rest } = body
    return { ...rest, ...facts }
  }
  const { url: _, secret: __, ...rest } = body
  return { ...rest, ...facts }
}
