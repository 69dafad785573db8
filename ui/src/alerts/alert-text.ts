import { describeAlert } from '../../../core/alerts/texts.ts'
import type { AlertText } from '../../../core/alerts/texts.ts'
import { failureText } from '../text/failures.ts'
import { language } from '../text/language.ts'
import type { AlertShown } from './answers.ts'

/** An alert in the language of the page. What the failure behind it is called, and its advice, come before what is always said. */
export function alertText({ rule: kind, code, ...facts }: AlertShown): AlertText {
  const { title, detail, advice } = describeAlert({ ...facts, kind, code: null }, language())
  const failure = failureText(code)
  if (failure === null) return { title, detail, advice }
  return {
    title,
    detail: `${detail} ${sentence(failure.title)}`,
    advice: failure.advice === null ? advice : `${sentence(failure.advice)} ${advice}`,
  }
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`)
