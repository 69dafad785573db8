import { html, raw } from 'hono/html'
import { FAILURES } from '../../core/errors.ts'
import { CALLERS, failuresOf, operationId } from './document.ts'
import { exampleOf } from './example.ts'
import { isOptional, toJsonSchema } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Operation } from './operation.ts'

type Markup = ReturnType<typeof html>

/**
 * The page that people read: every operation on one page, so that the browser's own search finds all. No scripts, and
 * addresses relative to `/api/docs`: a proxy may have put a prefix before it.
 */
export function createPage(operations: readonly Operation[], version: string): Markup {
  const chapters = Map.groupBy(operations, ({ tag }) => tag)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>downlink: the API</title>
        <link rel="stylesheet" href="docs/style.css" />
      </head>
      <body>
        <nav aria-label="Operations">
          <details open>
            <summary>Operations</summary>
            ${[...chapters].map(([name, list]) => printContents(name, list))}
          </details>
        </nav>
        <main>
          <h1>The API of downlink <small>${version}</small></h1>
          <p>
            Sign in with <code>POST /api/v1/session</code> and keep the cookie, or make an API token and send it as
            <code>Authorization: Bearer …</code>. For programs: <a href="v1/openapi.json">openapi.json</a> (OpenAPI
            3.1).
          </p>
          <ul>
            <li>
              Errors are <code>application/problem+json</code> (RFC 9457); <code>code</code> is one of a closed list.
            </li>
            <li>
              Lists take <code>offset</code> and <code>limit</code>, and count what they have in <code>total</code>.
            </li>
            <li>
              An edit with <code>If-Match</code> is answered 412 if somebody was faster; without it the last edit wins.
            </li>
            <li><code>?preview=1</code> shows what an edit of the line-up would do, and does nothing.</li>
            <li>
              What is not known in a body, or in the query of a list or edit, is refused. Bodies have 64 KiB at most.
            </li>
          </ul>
          ${[...chapters].map(([name, list]) => printChapter(name, list))}
        </main>
      </body>
    </html> `
}

const printContents = (name: string, list: readonly Operation[]): Markup =>
  html`<h2>${name}</h2>
    <ul>
      ${list.map(
        (operation) =>
          html`<li>
            <a href="#${operationId(operation)}"
              ><b class="${operation.method}">${operation.method.toUpperCase()}</b>
              ${breakable(shortPath(operation))}</a
            >
          </li>`,
      )}
    </ul> `

const shortPath = ({ path }: Operation): string => path.replace(/^\/api(\/v1)?/, '')

/** A path may be broken after each slash. */
const breakable = (path: string): Markup[] => path.split(/(?<=.)(?=\/)/).map((part) => html`${part}${raw('<wbr>')}`)

const printChapter = (name: string, list: readonly Operation[]): Markup =>
  html`<section>
    <h2>${name}</h2>
    ${list.map(printOperation)}
  </section> `

function printOperation(operation: Operation): Markup {
  const { method, path, summary, notes, caller, body, answers } = operation
  const rows = parameterRows(operation)
  const failures = failuresOf(operation).toSorted((a, b) => FAILURES[a].status - FAILURES[b].status)
  return html`<article id="${operationId(operation)}">
    <h3><b class="${method}">${method.toUpperCase()}</b> <code>${breakable(path)}</code></h3>
    <p>${summary}. <span class="caller">For ${CALLERS[caller]}.</span></p>
    ${notes === undefined ? '' : html`<p>${notes}</p>`}
    ${
      rows.length === 0
        ? ''
        : html`<table>
            <tbody>
              ${rows}
            </tbody>
          </table>`
    }
    ${body === undefined ? '' : printCode(body.optional === true ? 'Body, may be left out' : 'Body', body.example, toJsonSchema(body.schema))}
    ${Object.entries(answers).map(([status, { description, schema, contentType = 'application/json' }]) => {
      const title = `${status} ${description}`
      if (schema === undefined) return html`<p class="answer">${title}</p>`
      if (contentType !== 'application/json') return html`<p class="answer">${title} (<code>${contentType}</code>)</p>`
      const json = toJsonSchema(schema, 'answers')
      return printCode(title, exampleOf(json), json)
    })}
    ${failures.length === 0 ? '' : html`<p class="failures">${failures.map((code) => html`<span><code>${FAILURES[code].status} ${code}</code> ${FAILURES[code].title}</span> `)}</p>`}
  </article> `
}

function parameterRows({ segments = {}, query, ifMatch }: Operation): Markup[] {
  return [
    ...Object.entries(segments).map(([name, { description }]) => row(`{${name}}`, description)),
    ...Object.entries(query?.entries ?? {}).map(([name, schema]) =>
      row(`?${name}`, `${inWords(toJsonSchema(schema))}${isOptional(schema) ? '' : ', required'}`),
    ),
    ...(ifMatch !== undefined ? [row('If-Match', 'the ETag of what is edited')] : []),
  ]
}

const row = (name: string, text: string): Markup =>
  html`<tr>
    <th scope="row"><code>${name}</code></th>
    <td>${text}</td>
  </tr>`

/** What a parameter takes. */
function inWords({ type, enum: values, minimum, maximum, maxLength, format, default: fallback }: JsonSchema): string {
  const kind = Array.isArray(values) ? values.join(', ') : type === 'integer' ? 'whole number' : 'text'
  const bounds = [
    ...(minimum === undefined || maximum === undefined ? [] : [`${String(minimum)} to ${String(maximum)}`]),
    ...(maxLength === undefined ? [] : [`at most ${String(maxLength)} characters`]),
    ...(format === undefined ? [] : ['ISO 8601']),
    ...(fallback === undefined || fallback === '' ? [] : [`${String(fallback)} unless named`]),
  ]
  return [kind, ...bounds].join('; ')
}

const printCode = (title: string, example: unknown, schema: JsonSchema): Markup =>
  html`<details>
    <summary>${title}</summary>
    <pre tabindex="0" aria-label="Example">${JSON.stringify(example, null, 2)}</pre>
    <details>
      <summary>Schema</summary>
      <pre tabindex="0" aria-label="Schema">${JSON.stringify(schema, null, 2)}</pre>
    </details>
  </details> `
