/** What was found at a target and is no metric: a version, a role, what stands between. */
import { useTranslation } from 'react-i18next'
import type { uiDeployment } from '#shared/locales/en/ui-deployment.ts'
import classes from './evidence.module.css'

type FactKey = Exclude<Extract<keyof typeof uiDeployment, `fact.${string}`>, 'fact.disk' | 'fact.query'>

/** A host has one fact for each of its disks, with the mount point after it. */
const DISK = 'disk '
const QUERY = 'query '

interface Props {
  /** `PostgreSQL`, `Redis cache`. */
  readonly title: string
  readonly facts: Readonly<Record<string, string>>
}

export function Facts({ title, facts }: Props) {
  const { t, i18n } = useTranslation()
  // Words for what this version knows; for what it does not, the probe's own.
  const wordsFor = (key: string, otherwise: string) => (i18n.exists(key) ? t(key as FactKey) : otherwise)
  const nameOf = (name: string) =>
    name.startsWith(DISK)
      ? t('fact.disk', { path: name.slice(DISK.length) })
      : name.startsWith(QUERY)
        ? t('fact.query', { name: name.slice(QUERY.length) })
        : wordsFor(`fact.${name}`, name)
  const shown = Object.entries(facts).filter(([name]) => name !== 'grant')
  if (shown.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      <dl className={classes.facts}>
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{nameOf(name)}</dt>
            <dd>{wordsFor(`fact.${name}-${value}`, shareText(value, i18n.language))}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** Facts are text of the console's, in no language: a share is a number of the reader's. A version is none. */
function shareText(value: string, language: string): string {
  const [, figure] = /^(\d+(?:\.\d+)?) %$/.exec(value) ?? []
  if (figure === undefined) return value
  return `${new Intl.NumberFormat(language).format(Number(figure))} %`
}
