/** What a window would come to: its next times, and what of the last seven days it would have kept quiet. */
import { useTranslation } from 'react-i18next'
import { alertText } from '#shared/locales/translate.ts'
import type { Outputs } from '../../../../client/client.ts'
import { Moment } from '../../../../components/Moment.tsx'
import { ownZone } from '../../../../components/own-zone.ts'
import { Stretch } from '../Stretch.tsx'
import classes from '../watch.module.css'

/** As many as one looks at. */
const MOST_NAMED = 6

export function Preview({ seen, zone }: { seen: Outputs['windows']['preview']; zone: string }) {
  const { t, i18n } = useTranslation()
  const own = ownZone()
  const { next, times, matched, hidden, of, isCut, items } = seen
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('watch.next-times', { zone })}</th>
            {zone !== own && <th scope="col">{t('watch.by-your-clock', { zone: own })}</th>}
          </tr>
        </thead>
        <tbody>
          {next.map(({ startsAt, endsAt }) => (
            <tr key={startsAt}>
              <td>
                <Stretch from={Date.parse(startsAt)} to={Date.parse(endsAt)} zone={zone} />
              </td>
              {zone !== own && (
                <td>
                  <Stretch from={Date.parse(startsAt)} to={Date.parse(endsAt)} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {next.length === 0 && <p className={classes.text}>{t('watch.never-again')}</p>}
      <p className={classes.after}>
        {t('watch.would-have-hidden', { hidden, of, times })} {t('watch.would-fit', { count: matched })}
      </p>
      {isCut && <p className={classes.text}>{t('silence.preview-cut', { count: of })}</p>}
      <ul className={classes.list}>
        {items.slice(0, MOST_NAMED).map(({ id, rule, deployment, since }) => (
          <li key={id} className={classes.small}>
            {deployment} · {alertText(i18n, { code: `title-${rule}`, params: {} })} ·{' '}
            <Moment at={Date.parse(since)} />
          </li>
        ))}
      </ul>
    </>
  )
}
