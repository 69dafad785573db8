import type { Notice } from '../../core/notices/notice.ts'

/** What notices say in English. */
export const textsOf = (notices: readonly Notice[]): readonly string[] => notices.map(({ text }) => text)
