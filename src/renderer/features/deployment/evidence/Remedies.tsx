/** What a role may not see, with the statement that lets it: to be copied and run by whoever may. */
import { useTranslation } from 'react-i18next'
import { reasonText } from '#shared/locales/translate.ts'
import type { Observation } from '#shared/model/observation.ts'
import { CopyLine } from '../../../components/CopyLine.tsx'
import classes from '../deployment.module.css'
import own from './evidence.module.css'

/** The statement that an observation says is wanting; `null` where nothing is. */
export function grantOf({ reason, evidence }: Observation): string | null {
  const { grant } = reason.params
  if (typeof grant === 'string' && grant !== '') return grant
  return evidence?.facts?.grant ?? null
}

export function Remedy({ observation, grant }: { observation: Observation; grant: string }) {
  const { t, i18n } = useTranslation()
  const { target, reason, evidence } = observation
  const heading = `evidence-grant-${observation.probe}-${target}`
  return (
    <div className={classes.wide}>
      <h3 id={heading}>{t('evidence.grant', { target })}</h3>
      <p className={own.text}>
        {reason.params.grant === grant
          ? reasonText(i18n, reason).split(grant)[0]?.trim()
          : t('evidence.grant-hidden', { what: evidence?.facts?.forbidden ?? '' })}
      </p>
      <CopyLine text={grant} label={t('evidence.grant-statement')} />
    </div>
  )
}
