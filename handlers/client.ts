import type { Context } from 'hono'
import { CLIENTS } from '../core/lineup/client.ts'
import type { Client } from '../core/lineup/client.ts'
import { oneOf } from './parameter.ts'

/** The program that `client=` names; '' for any other. Fails with `http/bad-request` for a name that is not known. */
export const readClient = (c: Context): Client =>
  oneOf<Client>(c.req.query('client'), { name: 'client', allowed: CLIENTS, fallback: '' })
