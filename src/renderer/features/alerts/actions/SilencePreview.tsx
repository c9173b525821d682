/** What a silence would have kept quiet within the last seven days, and what it keeps quiet now. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ruleName } from '#shared/locales/alert-words.ts'
import type { SilenceMatchers } from '#shared/model/silence.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { Moment } from '../../../components/Moment.tsx'
import { SeverityGlyph } from '../../../components/SeverityMark.tsx'
import classes from './actions.module.css'

const SETTLES_MS = 250
const SHOWN = 6

export function SilencePreview({ matchers }: { matchers: SilenceMatchers }) {
  const { t, i18n } = useTranslation()
  const errorText = useErrorText()
  const [settled] = useDebouncedValue(matchers, SETTLES_MS)
  const { data, error } = useQuery({
    ...useApi().silences.preview.queryOptions({ input: { matchers: settled } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  const matchesAll = matchers.deployments === null && matchers.rules === null && matchers.severities === null
  return (
    <section className={classes.preview} aria-label={t('silence.preview')} aria-live="polite">
      {matchesAll && <p className={classes.warning}>{t('silence.matches-all')}</p>}
      {error !== null && <p className={classes.failed}>{errorText(error)}</p>}
      {data !== undefined && (
        <>
          <p>
            <strong>{t('silence.would-have', { count: data.matched, of: data.of })}</strong>{' '}
            {t('silence.now', { count: data.now })}
          </p>
          {data.isCut && <p className={classes.quiet}>{t('silence.preview-cut', { count: data.of })}</p>}
          <ul className={classes.names}>
            {data.items.slice(0, SHOWN).map((alert) => (
              <li key={alert.id}>
                <SeverityGlyph severity={alert.severity} size={12} />
                {ruleName(i18n, alert)}
                <span className={classes.quiet}>
                  {alert.deployment} · <Moment at={Date.parse(alert.since)} />
                </span>
              </li>
            ))}
            {data.matched > SHOWN && (
              <li className={classes.quiet}>{t('alerts.and-more', { count: data.matched - SHOWN })}</li>
            )}
          </ul>
        </>
      )}
    </section>
  )
}
