import type { BoxIdentity } from './identity.ts'

/** Questions that a box asks, as their parameters (stalker.md §4). */
export type Query = Readonly<Record<string, string>>

/** Asks for a token; `saved` is presented, so that portals that keep it give it back. */
export const handshakeQuery = (identity: BoxIdentity, saved: string | null): Query => ({
  type: 'stb',
  action: 'handshake',
  token: saved ?? '',
  prehash: identity.prehash,
})

/** What firmware and portal page call themselves. */
const VERSION =
  'ImageDescription: 0.2.18-r23-250; ImageDate: Thu Sep 13 11:31:16 EEST 2018; PORTAL version: 5.6.1; ' +
  'API Version: JS API version: 343; STB API version: 146; Player Engine version: 0x58c'

/** Asks for the profile, which makes the token count. */
export const profileQuery = (
  { mac, serial, deviceId, deviceId2, signature, prehash }: BoxIdentity,
  state: {
    readonly isSecondStep: boolean
    readonly isTokenInvalid: boolean
    /** What the handshake gave to be signed. */
    readonly random: string
    /** Epoch milliseconds. */
    readonly now: number
  },
): Query => ({
  type: 'stb',
  action: 'get_profile',
  hd: '1',
  ver: VERSION,
  num_banks: '2',
  sn: serial,
  stb_type: 'MAG250',
  client_type: 'STB',
  image_version: '218',
  video_out: 'hdmi',
  device_id: deviceId,
  device_id2: deviceId2,
  signature,
  auth_second_step: state.isSecondStep ? '1' : '0',
  hw_version: '1.7-BD-00',
  not_valid_token: state.isTokenInvalid ? '1' : '0',
  metrics: JSON.stringify({ mac, sn: serial, model: 'MAG250', type: 'STB', uid: '', random: state.random }),
  hw_version_2: prehash,
  timestamp: String(Math.floor(state.now / 1000)),
  api_signature: '262',
  prehash,
})

/** Signs in with a user and a password. */
export const loginQuery = ({ deviceId, deviceId2 }: BoxIdentity, login: string, password: string): Query => ({
  type: 'stb',
  action: 'do_auth',
  login,
  password,
  device_id: deviceId,
  device_id2: deviceId2,
})

/** What a box plays: a channel, a film of the video club, or a channel's past. */
export type Playing = 'channel' | 'film' | 'archive'

/** `cur_play_type` of stalker.md §4.4. */
const PLAY_TYPES: Readonly<Record<Playing, string>> = { channel: '1', film: '2', archive: '11' }

/** What a box tells about itself while it is on. */
export const watchdogQuery = (state: { readonly isFirst: boolean; readonly playing: Playing | null }): Query => ({
  type: 'watchdog',
  action: 'get_events',
  cur_play_type: state.playing === null ? '0' : PLAY_TYPES[state.playing],
  event_active_id: '0',
  init: state.isFirst ? '1' : '0',
})

/** Says that an event was seen. */
export const confirmQuery = (event: string): Query => ({
  type: 'watchdog',
  action: 'confirm_event',
  event_active_id: event,
})

/** Asks for the address of a channel; the command goes back exactly as it came (stalker.md §5.4). */
export const linkQuery = (command: string): Query => ({
  type: 'itv',
  action: 'create_link',
  cmd: command,
  series: '',
  forced_storage: 'undefined',
  disable_ad: '0',
  download: '0',
  force_ch_link_check: '0',
})

/** Asks for the address of a programme that is over, by its id in the guide (stalker.md §8). */
export const archiveLinkQuery = (programme: string): Query => ({
  type: 'tv_archive',
  action: 'create_link',
  cmd: `auto /media/${programme}.mpg`,
  series: '',
  forced_storage: '',
  disable_ad: '0',
  download: '0',
})

/** Asks for one page of a day of a channel's guide, from 1; `date` as the portal's clock has it. */
export const dayQuery = (channel: string, date: string, page: number): Query => ({
  type: 'epg',
  action: 'get_simple_data_table',
  ch_id: channel,
  date,
  p: String(page),
})

/** Asks for the groups of channels. */
export const GENRES_QUERY: Query = { type: 'itv', action: 'get_genres' }

/** Asks for all channels at once. */
export const CHANNELS_QUERY: Query = { type: 'itv', action: 'get_all_channels', force_ch_link_check: '' }

/** Asks for one page of the channels of a group, from 1; `*`: of all. */
export const channelPageQuery = (genre: string, page: number): Query => ({
  type: 'itv',
  action: 'get_ordered_list',
  genre,
  force_ch_link_check: '',
  fav: '0',
  sortby: 'number',
  hd: '0',
  p: String(page),
})

/** Asks for one page of the radio stations, from 1. */
export const radioPageQuery = (page: number): Query => ({
  type: 'radio',
  action: 'get_ordered_list',
  all: '1',
  p: String(page),
})

/** Asks what the account is. */
export const ACCOUNT_QUERY: Query = { type: 'account_info', action: 'get_main_info' }
