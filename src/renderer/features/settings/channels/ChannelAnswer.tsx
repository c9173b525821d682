/** What the other side answered to a test: whether it arrived, in which words, what to do, and what was sent. */
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../client/client.ts'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import own from './channels.module.css'

type Tested = Outputs['channels']['test']

/** The statuses whose colours and shapes say the same. */
export const OUTCOMES = { delivered: 'HEALTHY', retry: 'WARNING', refused: 'CRITICAL' } as const

export function ChannelAnswer({ answer, sent }: Tested) {
  const { t } = useTranslation()
  return (
    <div className={own.answer}>
      <AnswerText answer={answer} />
      <figure>
        <figcaption>{t('channels.sent')}</figcaption>
        <pre>{`${sent.title}\n\n${sent.text}`}</pre>
      </figure>
    </div>
  )
}

/** The answer alone. */
export function AnswerText({ answer }: Pick<Tested, 'answer'>) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const { status, code, failure, ms } = answer
  const said = [
    code === null ? t('channels.no-answer') : t('channels.code', { code }),
    text(ms, 'milliseconds'),
  ].join(' · ')
  return (
    <div className={own.answer}>
      <p role="status" className={own.outcome}>
        <StatusGlyph status={OUTCOMES[status]} size={16} />
        <strong>{t(`channels.outcome-${status}`)}</strong>
        <span className={own.quiet}>{said}</span>
      </p>
      {failure !== null && <p>{failure.text}</p>}
      {answer.text !== '' && (
        <figure>
          <figcaption>{t('channels.said')}</figcaption>
          <pre>{answer.text}</pre>
        </figure>
      )}
    </div>
  )
}
