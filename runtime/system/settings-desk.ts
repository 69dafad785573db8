import type { SettingStore } from '../../adapters/store/setting-store.ts'
import type { ShownValue } from '../../core/config.ts'
import { LIVE_SETTINGS, SETTINGS } from '../../core/config/settings.ts'
import type { LiveSetting, Setting, SettingKey, SettingValue } from '../../core/config/settings.ts'
import { Failure } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { SettingsDesk, ShownSetting } from '../../core/system/settings-desk.ts'
import type { HouseConfig } from '../load-config.ts'

type Raw = string | number | boolean

/** The settings of a running house. */
export type HouseSettings = SettingsDesk & {
  /** The configuration, whose live settings read as they are now. */
  readonly config: HouseConfig
}

/** Where a changed setting is kept. */
const placeOf = (key: LiveSetting): string => `setting/${key}`

const isLive = (key: string): key is LiveSetting => LIVE_SETTINGS.some((one) => one === key)
const isSetting = (key: string): key is SettingKey => Object.hasOwn(SETTINGS, key)

/** Settings with what was changed while earlier runs ran. `onChange` is called with those that take effect by a call. */
export async function openSettings({
  config,
  store,
  onLevel,
  log,
}: {
  readonly config: HouseConfig
  readonly store: SettingStore
  readonly onLevel: (level: SettingValue<'log.level'>) => void
  readonly log: Log
}): Promise<HouseSettings> {
  const changed = new Map<LiveSetting, { readonly raw: Raw; readonly value: unknown }>()
  const setting = (key: SettingKey): Setting<unknown, unknown> => SETTINGS[key]

  const readRaw = (key: LiveSetting, raw: Raw): unknown => {
    const value = setting(key).value.read(raw)
    if (value === null)
      throw new Failure('http/bad-request', `Cannot set "${key}": it should be ${setting(key).value.shouldBe}`)
    return value
  }
  const current = <Key extends LiveSetting>(key: Key, configured: SettingValue<Key>): SettingValue<Key> => {
    const found = changed.get(key)
    // Its reader gave it, as it gave the configured one.
    return found === undefined ? configured : (found.value as SettingValue<Key>)
  }

  for (const key of LIVE_SETTINGS) {
    const text = config.origins[key] === 'default' ? await store.text(placeOf(key)) : null
    if (text === null) continue
    try {
      const raw = JSON.parse(text) as Raw
      changed.set(key, { raw, value: readRaw(key, raw) })
    } catch (error) {
      log('warn', 'setting-lost', { key, error })
    }
  }
  const live: HouseConfig = {
    ...config,
    log: {
      ...config.log,
      get level() {
        return current('log.level', config.log.level)
      },
    },
    guide: {
      ...config.guide,
      get days() {
        return current('guide.days', config.guide.days)
      },
    },
    history: {
      ...config.history,
      get days() {
        return current('history.days', config.history.days)
      },
    },
    backup: {
      ...config.backup,
      get keep() {
        return current('backup.keep', config.backup.keep)
      },
      get hour() {
        return current('backup.hour', config.backup.hour)
      },
    },
  }
  onLevel(live.log.level)

  const show = (key: SettingKey): ShownSetting => {
    const { env, option, value } = setting(key)
    const shown: ShownValue = config.shown[key]
    const found = isLive(key) ? changed.get(key) : undefined
    return {
      key,
      value: found?.raw ?? shown.value,
      default: shown.default,
      origin: found === undefined ? config.origins[key] : 'house',
      environment: env,
      option,
      shouldBe: value.shouldBe,
      isLive: isLive(key),
    }
  }

  return {
    config: live,
    list: () => Object.keys(SETTINGS).filter(isSetting).map(show),
    async change(key, raw) {
      if (!isSetting(key)) throw new Failure('http/not-found', 'There is no such setting')
      if (!isLive(key))
        throw new Failure('http/bad-request', `"${key}" counts from the start on: write it into the configuration`)
      const origin = config.origins[key]
      if (origin !== 'default')
        throw new Failure('config/managed-by-file', `"${key}" is set by the ${origin}; change it there`)
      if (raw === null) {
        await store.remove(placeOf(key))
        changed.delete(key)
      } else {
        const value = readRaw(key, raw)
        await store.setText(placeOf(key), JSON.stringify(raw))
        changed.set(key, { raw, value })
      }
      if (key === 'log.level') onLevel(live.log.level)
      log('info', 'setting-changed', { key, value: raw })
      return show(key)
    },
  }
}
