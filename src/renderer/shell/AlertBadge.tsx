/** How many alerts wait for somebody, and how urgent the worst of them is; nothing where none does. */
import { useTranslation } from 'react-i18next'
import { useFleet } from '../client/live.ts'
import { SEVERITY_TONE, SeverityGlyph } from '../components/SeverityMark.tsx'
import { waitingIn } from './alerts-waiting.ts'
import classes from './Navigation.module.css'

/** More digits do not fit beside the bell; the screen and the label tell all of them. */
const MOST_TOLD = 99

export function AlertBadge() {
  const { t } = useTranslation()
  const { data } = useFleet()
  const { count, worst } = waitingIn(data?.rows ?? [])
  if (worst === null) return null
  return (
    <span
      className={classes.badge}
      data-tone={SEVERITY_TONE[worst]}
      role="img"
      aria-label={t('shell.alerts-waiting', { count, severity: t(`severity.${worst}`) })}
    >
      <SeverityGlyph severity={worst} size={11} />
      {count > MOST_TOLD ? `${MOST_TOLD}+` : count}
    </span>
  )
}
