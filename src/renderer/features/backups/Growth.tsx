/** How backups grow: those that have everything, in a line. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Sparkline } from '../../components/Sparkline.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'

/** So many are drawn, the newest. */
const DRAWN = 90

export function Growth({ backups }: { backups: readonly BackupView[] }) {
  const { t, i18n } = useTranslation()
  const { text, duration } = useQuantity()
  const id = useId()
  const whole = backups
    .filter(({ partial, problem }) => !partial && problem === null)
    .slice(0, DRAWN)
    .reverse()
  const [first] = whole
  const last = whole.at(-1)
  if (first === undefined || last === undefined || first === last) return null
  const change = first.bytes === 0 ? 0 : last.bytes / first.bytes - 1
  const percent = new Intl.NumberFormat(i18n.language, {
    style: 'percent',
    maximumFractionDigits: Math.abs(change) < 1 ? 1 : 0,
    signDisplay: 'exceptZero',
  })
  const told = t('backups.growth-told', {
    from: text(first.bytes, 'bytes'),
    to: text(last.bytes, 'bytes'),
    change: percent.format(change),
    length: duration(Date.parse(last.startedAt) - Date.parse(first.startedAt), true),
  })
  return (
    <section aria-labelledby={id} className={classes.growth}>
      <h3 id={id}>{t('backups.growth')}</h3>
      <Sparkline points={whole.map(({ bytes }) => bytes)} label={told} width={260} height={56} />
      <p>{told}</p>
    </section>
  )
}
