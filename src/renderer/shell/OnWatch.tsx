/** Who has the watch now, small and in words; nothing where there is no rota. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useApi } from '../client/console.tsx'
import { universal } from '../components/moment.ts'
import { places } from '../places.ts'
import classes from './Header.module.css'

/** A hand-over comes by itself. */
const LOOK_EVERY_MS = 30_000

export function OnWatch() {
  const { t, i18n } = useTranslation()
  const rotas = useQuery(useApi().rota.list.queryOptions({ refetchInterval: LOOK_EVERY_MS, retry: false }))
  const items = rotas.data?.items ?? []
  const [first] = items
  if (first === undefined) return null
  const { now } = first
  const until = new Intl.DateTimeFormat(i18n.language, {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  })
  return (
    <Link href={places.alerts('watch')} className={classes.watch}>
      {now === null ? t('watch.nobody') : t('watch.on-watch', { name: now.person })}
      {now !== null && (
        <span className={classes.until}>
          {t('watch.until')}{' '}
          <time dateTime={now.to} title={universal(Date.parse(now.to))}>
            {until.format(Date.parse(now.to))}
          </time>
        </span>
      )}
      {items.length > 1 && <span className={classes.until}>+{items.length - 1}</span>}
    </Link>
  )
}
