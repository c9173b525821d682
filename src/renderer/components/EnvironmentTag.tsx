/** The environment in a word, with the same pattern as its band: solid, hatched, or a thin line. */
import { useTranslation } from 'react-i18next'
import classes from './Environment.module.css'

export type EnvironmentName = 'production' | 'staging' | 'development'

export function EnvironmentTag({ environment }: { environment: EnvironmentName }) {
  const { t } = useTranslation()
  return (
    <span className={classes.tag} data-environment={environment}>
      <span className={classes.swatch} aria-hidden="true" />
      {t(`environment.${environment}`)}
    </span>
  )
}
