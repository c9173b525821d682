/** How many deployments are in which status, the worst first: what else is wrong, from any screen. */
import { useTranslation } from 'react-i18next'
import { badness, type Status } from '#shared/catalogue/statuses.ts'
import { useFleet } from '../client/live.ts'
import { StatusGlyph } from '../components/StatusGlyph.tsx'
import classes from './Header.module.css'

export function FleetCounts() {
  const { t } = useTranslation()
  const { data } = useFleet()
  const counts = new Map<Status, number>()
  for (const { status } of data?.rows ?? []) counts.set(status, (counts.get(status) ?? 0) + 1)
  const ordered = [...counts].sort(([a], [b]) => badness(b) - badness(a))
  return (
    <ul className={classes.counts}>
      {ordered.map(([status, count]) => (
        <li key={status} className={classes.count} title={t(`status.${status}`)}>
          <StatusGlyph status={status} size={12} />
          {count} <span>{t(`status.${status}`)}</span>
        </li>
      ))}
    </ul>
  )
}
