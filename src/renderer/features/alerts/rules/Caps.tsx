/** How urgent an alert may be in each environment. */
import { Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import classes from './rules.module.css'

export function Caps({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const api = useApi()
  const cache = useQueryClient()
  const { data } = useQuery(api.alerts.settings.queryOptions())
  const keep = useMutation(
    api.alerts.configure.mutationOptions({
      onSuccess: (settings) => cache.setQueryData(api.alerts.settings.queryKey(), settings),
    }),
  )
  if (data === undefined) return null
  const { caps } = data
  return (
    <section className={classes.caps} aria-label={t('rules.caps')}>
      <h2>{t('rules.caps')}</h2>
      <p className={classes.quiet}>{t('rules.caps-hint')}</p>
      <div>
        {ENVIRONMENTS.map((environment) => (
          <Select
            key={environment}
            size="xs"
            label={t(`environment.${environment}`)}
            data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
            value={caps[environment]}
            allowDeselect={false}
            disabled={!mayChange || keep.isPending}
            onChange={(value) => keep.mutate({ caps: { ...caps, [environment]: value as Severity } })}
          />
        ))}
      </div>
      {keep.isError && (
        <p role="alert" className={classes.failed}>
          {errorText(keep.error)}
        </p>
      )}
    </section>
  )
}
