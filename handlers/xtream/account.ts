import type { Pair } from './call.ts'
import type { ServerClock } from './server-clock.ts'

/** What an account payload says of a person. Instants are epoch milliseconds. */
export type AccountFacts = {
  /** As the client sent it: players compare. */
  readonly pair: Pair
  /** Null: never. */
  readonly expiresAt: number | null
  readonly createdAt: number
  /** Null: any number. */
  readonly maxStreams: number | null
  readonly activeStreams: number
}

/** Where the account is at. */
export type ServerFacts = {
  /** Scheme, host and port by which the client reaches us. */
  readonly origin: string
  readonly clock: ServerClock
  readonly now: number
}

/** What to say for "never": players refuse `null` and take a word for an error. 2037-12-31, the last year of 32 bits. */
const NEVER_SECONDS = 2_145_830_400
/** Old players count on three forms; RTMP is never asked for. */
const FORMATS = ['m3u8', 'ts', 'rtmp'] as const
const RTMP_PORT = '8880'

/** The answer to a wrong name or password, the same whether the name exists or not. Status 200: players understand that. */
export const REFUSED = { user_info: { auth: 0 } } as const

/**
 * The account payload. Numbers of the person are texts, numbers of the clock are numbers: TiviMate and Smarters read them
 * as such.
 *
 * Source: protocols/xtream.md §2.1, §7.3.
 */
export function accountPayload(account: AccountFacts, server: ServerFacts) {
  const { pair, expiresAt, createdAt, maxStreams, activeStreams } = account
  const { clock, now } = server
  return {
    user_info: {
      username: pair.username,
      password: pair.password,
      message: '',
      auth: 1,
      status: expiresAt !== null && expiresAt <= now ? 'Expired' : 'Active',
      exp_date: expiresAt === null ? String(NEVER_SECONDS) : seconds(expiresAt),
      is_trial: '0',
      active_cons: String(activeStreams),
      created_at: seconds(createdAt),
      max_connections: String(maxStreams ?? 0),
      allowed_output_formats: FORMATS,
    },
    server_info: {
      ...addressOf(server.origin),
      rtmp_port: RTMP_PORT,
      timezone: clock.zone,
      timestamp_now: Math.floor(now / 1000),
      time_now: clock.print(now),
      process: true,
    },
  }
}

const seconds = (instant: number): string => String(Math.floor(instant / 1000))

/** Players put addresses of streams together from these. */
function addressOf(origin: string) {
  const { protocol, hostname, port } = new URL(origin)
  const isHttps = protocol === 'https:'
  return {
    url: hostname,
    port: isHttps ? '80' : port || '80',
    https_port: isHttps ? port || '443' : '443',
    server_protocol: isHttps ? 'https' : 'http',
  }
}
