/** The fields of a question, answered together or left unanswered. What is typed leaves the page once and is not kept. */
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Question, QuestionField } from '#shared/model/question.ts'
import { refusalOf } from '../../client/client.ts'
import { useApi, useKeys } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import classes from './questions.module.css'
import { useQuestionEnded } from './use-question-ended.ts'

export function QuestionForm({ question: { id, hop, fields } }: { question: Question }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const api = useApi()
  const keys = useKeys()
  const cache = useQueryClient()
  const ended = useQuestionEnded(hop)
  const [answers, setAnswers] = useState(() => fields.map(() => ''))
  /** Whether the answer is on its way, or somebody said that there is none. */
  const settled = useRef(false)
  const typed = useRef(false)
  typed.current = answers.some((answer) => answer !== '')

  // It goes when it is answered elsewhere or its time is over: whoever was typing is told, not left to wonder.
  useEffect(
    () => () => {
      if (typed.current && !settled.current) ended()
    },
    [ended],
  )

  const onError = (error: unknown) => {
    settled.current = refusalOf(error)?.code === 'NOT_FOUND'
    if (settled.current) ended()
  }
  const onSettled = () => cache.invalidateQueries({ queryKey: keys.questions })
  const answer = useMutation(api.questions.answer.mutationOptions({ onError, onSettled }))
  const dismiss = useMutation(api.questions.dismiss.mutationOptions({ onError, onSettled }))
  const failure = answer.error ?? dismiss.error
  const busy = answer.isPending || dismiss.isPending
  // An attempt with nothing in it is an attempt lost.
  const nothing = fields.length > 0 && !typed.current

  return (
    <form
      className={classes.form}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (nothing || busy) return
        settled.current = true
        answer.mutate({ id, answers })
      }}
    >
      {fields.map((field, index) => (
        <AnswerField
          // biome-ignore lint/suspicious/noArrayIndexKey: a field is its place; servers repeat labels.
          key={index}
          field={field}
          number={index + 1}
          value={answers[index] ?? ''}
          onChange={(value) => setAnswers(answers.with(index, value))}
        />
      ))}
      <div className={classes.buttons}>
        <Button type="submit" disabled={nothing} loading={answer.isPending}>
          {t(fields.length === 0 ? 'question.go-on' : 'question.answer')}
        </Button>
        <Button
          variant="default"
          loading={dismiss.isPending}
          disabled={answer.isPending}
          onClick={() => {
            settled.current = true
            dismiss.mutate({ id })
          }}
        >
          {t('question.dismiss')}
        </Button>
        <span className={classes.quiet}>{t('question.dismiss-means')}</span>
      </div>
      {failure !== null && refusalOf(failure)?.code !== 'NOT_FOUND' && (
        <p role="alert" className={classes.failed}>
          {errorText(failure)}
        </p>
      )}
    </form>
  )
}

interface AnswerFieldProps {
  readonly field: QuestionField
  readonly number: number
  readonly value: string
  readonly onChange: (value: string) => void
}

function AnswerField({ field: { label, secret }, number, value, onChange }: AnswerFieldProps) {
  const { t } = useTranslation()
  const said = label.trim()
  const props = {
    label: said === '' ? t('question.field', { number }) : <span className={classes.label}>{said}</span>,
    value,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    autoComplete: 'one-time-code',
    spellCheck: false,
    autoCapitalize: 'off',
  }
  return (
    <div className={classes.field}>
      {secret ? (
        <PasswordInput {...props} visibilityToggleButtonProps={{ 'aria-label': t('form.secret-show') }} />
      ) : (
        <TextInput {...props} />
      )}
    </div>
  )
}
