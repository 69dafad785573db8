import type { Box } from '../box.ts'

/** One call to the web interface, as its methods see it. */
export type Call = {
  readonly box: Box
  readonly method: string
  /** Query and posted form, merged. */
  readonly parameters: URLSearchParams
  /** Name in the `Host` header, without port. */
  readonly host: string
  /** Session of the caller. */
  readonly session: string
}

/** What a method answers: the JSON value, and the XML text where it has one. */
export type Answer = { readonly json: unknown; readonly xml?: string }

/** A method of the web interface. */
export type Method = (call: Call) => Answer | Promise<Answer>

/** The answer of a call that lacks a parameter: status 200, in the language of the box. */
export function missing(parameter: string): Answer {
  return failed(`Erforderlicher Parameter '${parameter}' fehlt`)
}

/** The answer of a call that could not be done. */
export function failed(message: string): Answer {
  return { json: { result: false, message }, xml: simpleResult(false, message) }
}

/** The XML form of a plain yes or no. */
export function simpleResult(state: boolean, text: string): string {
  const clean = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<e2simplexmlresult>\n<e2state>${state ? 'True' : 'False'}</e2state>\n<e2statetext>${clean}</e2statetext>\n</e2simplexmlresult>\n`
}

/** What the box takes for the present, in epoch seconds. */
export function boxSeconds(box: Box): number {
  const ms = box.settings.clock === '1970' ? box.now() - box.startedAtMs : box.now()
  return Math.floor(ms / 1000)
}

/** `HH:MM` in the box's time zone. */
export function clockText(box: Box, seconds: number): string {
  return new Intl.DateTimeFormat('de-AT', {
    timeZone: box.model.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(seconds * 1000)
}
