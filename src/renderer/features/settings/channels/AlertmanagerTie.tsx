/** What stands with an Alertmanager between two messages: what fires is pushed again, and its silences are mirrored. */
import { useTranslation } from 'react-i18next'
import { Moment } from '../../../components/Moment.tsx'
import type { ChannelItem } from './ChannelRow.tsx'
import own from './channels.module.css'

export function AlertmanagerTie({ tie }: { tie: NonNullable<ChannelItem['alertmanager']> }) {
  const { t } = useTranslation()
  const { pushed, silences } = tie
  return (
    <>
      {pushed?.at != null && (
        <div className={own.tie}>
          <span>{t('channels.tie-pushed')}</span>
          <Moment at={Date.parse(pushed.at)} show="relative" />
        </div>
      )}
      {pushed?.failure != null && (
        <p className={own.why}>{t('channels.tie-not-pushed', { failure: pushed.failure.text })}</p>
      )}
      {silences !== null && silences.mirrored > 0 && (
        <div className={own.tie}>{t('channels.tie-silences', { count: silences.mirrored })}</div>
      )}
      {silences?.failure != null && (
        <p className={own.why}>{t('channels.tie-unread', { failure: silences.failure.text })}</p>
      )}
      {silences?.notMirrored.map(({ id, why, by, note, matcher }) => (
        <p key={id} className={own.why}>
          {t('channels.not-mirrored', {
            what: matcher ?? (note || id),
            by,
            why: t(`channels.not-mirrored-${why}`),
          })}
        </p>
      ))}
    </>
  )
}
