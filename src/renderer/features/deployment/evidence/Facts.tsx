/** What was found at a target and is no metric: a version, a role, what stands between. */
import { useTranslation } from 'react-i18next'
import type { uiDeployment } from '#shared/locales/en/ui-deployment.ts'
import classes from '../deployment.module.css'

type FactKey = Extract<keyof typeof uiDeployment, `fact.${string}`>

interface Props {
  /** `PostgreSQL`, `Redis cache`. */
  readonly title: string
  readonly facts: Readonly<Record<string, string>>
}

export function Facts({ title, facts }: Props) {
  const { t, i18n } = useTranslation()
  // Names of what is known to this version; of others their own.
  const nameOf = (name: string) => (i18n.exists(`fact.${name}`) ? t(`fact.${name}` as FactKey) : name)
  const shown = Object.entries(facts).filter(([name]) => name !== 'grant')
  if (shown.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <dl className={classes.facts}>
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{nameOf(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
