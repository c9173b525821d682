/** The band along the window's top edge that says which environment is under one's hands, in words. */
import { useTranslation } from 'react-i18next'
import classes from './Environment.module.css'
import type { EnvironmentName } from './EnvironmentTag.tsx'

export function EnvironmentBand({ environment, name }: { environment: EnvironmentName; name: string }) {
  const { t } = useTranslation()
  return (
    <aside
      className={classes.band}
      data-environment={environment}
      aria-label={t('environment.band', { environment: t(`environment.${environment}`), name })}
    >
      <span className={classes.words}>
        <strong>{t(`environment.${environment}`)}</strong> {name}
      </span>
    </aside>
  )
}
