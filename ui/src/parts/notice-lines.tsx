import { useEffect } from 'preact/hooks'
import type { NoticeAnswer } from '../api/answers.ts'
import { fetchSentences, noticeText, sentencesNow } from '../text/notices.ts'

/** A notice in the language of the page; behind it in English what came from elsewhere. `isAlone`: it names its source. */
export function NoticeLines({ notice, isAlone = true }: { notice: NoticeAnswer; isAlone?: boolean }) {
  const { sentences, isOnTheWay } = sentencesNow()
  useEffect(() => void fetchSentences(), [])
  const { text, english } = noticeText(notice, sentences, isAlone)
  if (text === null && isOnTheWay) return null
  return (
    <>
      {text}
      {text !== null && english !== null && ' '}
      {english !== null && <small lang="en">{english}</small>}
    </>
  )
}
