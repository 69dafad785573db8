import { createDocument } from './document.ts'
import { OPERATIONS } from './operations.ts'
import { PAGE_STYLE } from './page-style.ts'
import { createPage } from './page.ts'

/** What the API of this version can do, as JSON for programs (OpenAPI 3.1). */
export const document = (version: string): string => JSON.stringify(createDocument(OPERATIONS, version))

/** The same as a page for people. */
export const page = (version: string): string => String(createPage(OPERATIONS, version))

/** How the page looks. */
export const style = PAGE_STYLE
