/**
 * What a server asks while Vakhta logs in, on every screen, above what is on it: several are put one after another, the
 * oldest first. It takes the focus only from nobody: whoever types goes on typing.
 */
import { VisuallyHidden } from '@mantine/core'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Question } from '#shared/model/question.ts'
import { useQuestions } from '../../client/live.ts'
import { useNow } from '../../components/now.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { goToQuestion, QUESTION_ID } from './go-to-question.ts'
import { QuestionForm } from './QuestionForm.tsx'
import classes from './questions.module.css'

export function QuestionBar() {
  const questions = useQuestions()
  const [first] = questions
  if (first === undefined) return null
  return <Asked key={first.id} question={first} others={questions.length - 1} />
}

function Asked({ question, others }: { question: Question; others: number }) {
  const { t } = useTranslation()
  const bar = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) goToQuestion()
  }, [])
  return (
    <section
      ref={bar}
      id={QUESTION_ID}
      className={classes.bar}
      role="dialog"
      aria-labelledby="question-title"
      aria-describedby={question.instruction === '' ? undefined : 'question-words'}
    >
      <VisuallyHidden role="alert">{t('question.title', { hop: question.hop })}</VisuallyHidden>
      <div className={classes.head}>
        <StatusGlyph status="UNKNOWN" size={16} />
        <h2 id="question-title">{t('question.heading', { hop: question.hop })}</h2>
        <span className={classes.quiet}>
          <TimeLeft question={question} />
          {others > 0 && <> · {t('question.others', { count: others })}</>}
        </span>
      </div>
      {question.instruction !== '' && (
        <figure className={classes.words}>
          <figcaption>{t('question.words')}</figcaption>
          <blockquote id="question-words">{question.instruction}</blockquote>
        </figure>
      )}
      <QuestionForm question={question} />
    </section>
  )
}

/** By this page's clock, which may differ from the console's: never more than there was to begin with. */
function TimeLeft({ question: { askedAt, expiresAt } }: { question: Question }) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  const left = useNow((now) => {
    const ms = Math.min(expiresAt - now, expiresAt - askedAt)
    return ms < 1_000 ? null : duration(ms)
  })
  return (
    <span role="timer" data-figures>
      {left === null ? t('question.ending') : t('question.left', { duration: left })}
    </span>
  )
}
