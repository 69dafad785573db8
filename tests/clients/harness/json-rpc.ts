import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** JSON-RPC 2.0 over a bare TCP connection, as Kodi speaks it: objects one behind the other. */
export interface JsonRpc extends Disposable {
  /** Asks and waits for the result. Fails with what the other side names as error. */
  ask<Result>(method: string, params?: Readonly<Record<string, unknown>>): Promise<Result>
}

type Message = {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly data?: unknown }
}

const WITHIN_MS = 20_000

/** Cuts whole JSON objects from the front of a text; gives them and the rest. */
export function cutObjects(text: string): { readonly objects: readonly string[]; readonly rest: string } {
  const objects: string[] = []
  let depth = 0
  let isText = false
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (isText) {
      if (letter === '\\') at += 1
      else if (letter === '"') isText = false
    } else if (letter === '"') isText = true
    else if (letter === '{') depth += 1
    else if (letter === '}' && --depth === 0) {
      objects.push(text.slice(from, at + 1).trim())
      from = at + 1
    }
  }
  return { objects, rest: text.slice(from) }
}

/** Opens a connection on loopback. */
export async function openJsonRpc(port: number): Promise<JsonRpc> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect(port, '127.0.0.1', () => resolve(opening))
    opening.once('error', reject)
  })
  const waiting = new Map<number, (message: Message) => void>()
  let rest = ''
  let asked = 0
  socket.on('error', () => {}) // who waits is told by the time limit
  socket.setEncoding('utf8').on('data', (text: string) => {
    const cut = cutObjects(rest + text)
    rest = cut.rest
    for (const object of cut.objects) {
      const message = JSON.parse(object) as Message
      if (message.id !== undefined) waiting.get(message.id)?.(message)
    }
  })
  return {
    ask<Result>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Result> {
      const id = ++asked
      return new Promise<Result>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${method} has no answer after ${WITHIN_MS} ms`)), WITHIN_MS)
        waiting.set(id, ({ result, error }) => {
          clearTimeout(timer)
          waiting.delete(id)
          if (error === undefined) resolve(result as Result)
          else reject(new Error(`${method}: ${error.message} ${JSON.stringify(error.data ?? null)}`))
        })
        socket.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
      })
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
