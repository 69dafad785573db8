/** Where the value of a setting comes from; the first that has one wins, in this order. */
export const SETTING_ORIGINS = ['option', 'environment', 'file', 'house', 'default'] as const

/** One of them. `house`: it was changed while the program ran, and is kept in the data folder. */
export type SettingOrigin = (typeof SETTING_ORIGINS)[number]

/** A setting as people see it. */
export type ShownSetting = {
  /** Its path in the configuration file. */
  readonly key: string
  /** As somebody would write it; secrets read `set`, lists of entries their number. */
  readonly value: unknown
  readonly default: unknown
  readonly origin: SettingOrigin
  readonly environment: string | null
  readonly option: string | null
  /** What a value should be, in words. */
  readonly shouldBe: string
  /** It can be changed while the program runs, here. */
  readonly isLive: boolean
}

/** Port: the settings of the house, and changing those that may be changed while it runs. */
export interface SettingsDesk {
  list(): readonly ShownSetting[]
  /**
   * Changes a setting at once, and for every start from now on; null takes the change back. Gives the setting as it is
   * then. Fails with `http/not-found` for an unknown key, `config/managed-by-file` for one that is written elsewhere,
   * `http/bad-request` for a value that cannot be, or a key that counts at the start only.
   */
  change(key: string, value: string | number | boolean | null): Promise<ShownSetting>
}
