import { FINDING_NOTICES } from './findings.ts'
import { FRONT_NOTICES } from './fronts.ts'
import { HOUSE_NOTICES } from './house.ts'
import { SOURCE_NOTICES } from './sources.ts'

/** The closed catalogue of notices: every sentence for owners that stands in an answer, in English. */
export const NOTICES = { ...SOURCE_NOTICES, ...HOUSE_NOTICES, ...FRONT_NOTICES, ...FINDING_NOTICES } as const

/** Code of a notice, `slice/what`. */
export type NoticeCode = keyof typeof NOTICES

/** Whether the text is a code of this catalogue: pages may be of another version than the house. */
export const isNoticeCode = (text: string): text is NoticeCode => Object.hasOwn(NOTICES, text)
