/** Silences as rows, each with the button that ends it. */
import { Button, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outputs } from '../../../client/client.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay } from '../../../client/session.ts'
import { Moment } from '../../../components/Moment.tsx'
import { useNow } from '../../../components/now.ts'
import { places } from '../../../places.ts'
import own from '../history/history.module.css'
import { matcherWords } from './silence-words.ts'
import silenceClasses from './silences.module.css'

type SilenceOut = Outputs['silences']['list']['items'][number]

/** As long before its end as it is told of, at the most. */
const SOON_MS = 15 * 60_000

export function SilenceTable({ silences }: { silences: readonly SilenceOut[] }) {
  const { t } = useTranslation()
  return (
    <table className={own.table} aria-label={t('alerts.section-silences')}>
      <thead>
        <tr>
          <th scope="col">{t('silence.column-what')}</th>
          <th scope="col">{t('silence.until')}</th>
          <th scope="col">{t('silence.column-by')}</th>
          <th scope="col">{t('alerts.note')}</th>
          <th scope="col">
            <VisuallyHidden>{t('deployments.actions')}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {silences.map((silence) => (
          <SilenceRow key={silence.id} silence={silence} />
        ))}
      </tbody>
    </table>
  )
}

function SilenceRow({ silence }: { silence: SilenceOut }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const keys = useKeys()
  const cache = useQueryClient()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const rules = useQuery(api.alerts.rules.queryOptions()).data?.items ?? []
  const end = useMutation(
    api.silences.end.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: keys.silences }),
    }),
  )
  const until = Date.parse(silence.until)
  const isSoon = useNow((now) => until - now <= SOON_MS)
  const { matchers, window, operation, origin, untilClears, note, createdBy } = silence
  const words = matcherWords(i18n, matchers, (id) => rules.find((rule) => rule.id === id)?.name ?? id)
  return (
    <tr>
      <th scope="row" className={silenceClasses.what}>
        {matchers.alert === null ? (
          words.join(' · ')
        ) : (
          <Link href={places.alerts('open', matchers.alert)}>{words.join(' · ')}</Link>
        )}
        <p className={own.reason}>
          {window !== null && t('silence.of-window', { name: window })}
          {operation !== null && t('silence.of-operation')}
          {origin !== null && t('silence.of-origin', { channel: origin.channel })}
          {window === null &&
            operation === null &&
            origin === null &&
            !silence.hasMatched &&
            t('silence.matched-nothing')}
        </p>
      </th>
      <td>
        <Moment at={until} />
        <p className={own.reason} data-soon={isSoon || undefined}>
          {[untilClears && t('silence.or-clears'), isSoon && t('silence.soon')].filter(Boolean).join(' · ')}
        </p>
      </td>
      <td>
        {createdBy}
        <p className={own.reason}>
          <Moment at={Date.parse(silence.startsAt)} show="relative" />
        </p>
      </td>
      <td className={silenceClasses.note}>{note}</td>
      <td className={silenceClasses.end}>
        {/* One that is mirrored would be here again with the next look there. */}
        {origin === null && (
          <Button
            variant="default"
            size="compact-xs"
            disabled={!may}
            loading={end.isPending}
            aria-label={t('silence.end-of', { what: words.join(', ') })}
            onClick={() => end.mutate({ silence: silence.id })}
          >
            {t('silence.end')}
          </Button>
        )}
        {end.isError && (
          <p role="alert" className={silenceClasses.failed}>
            {errorText(end.error)}
          </p>
        )}
      </td>
    </tr>
  )
}
