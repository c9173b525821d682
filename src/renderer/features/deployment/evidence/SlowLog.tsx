/** The newest entries of a Redis slow log: commands without their arguments. */
import { useTranslation } from 'react-i18next'
import type { SlowCommand } from '#shared/model/observation.ts'
import { Moment } from '../../../components/Moment.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../deployment.module.css'

const SHOWN = 5

export function SlowLog({ target, entries }: { target: string; entries: readonly SlowCommand[] }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const newestFirst = [...entries].sort((a, b) => b.at - a.at)
  const heading = `evidence-slow-log-${target}`
  return (
    <div>
      <div className={classes.tableHead}>
        <h3 id={heading}>{t('evidence.slow-log', { target })}</h3>
        <CsvButton
          label={t('evidence.slow-log', { target })}
          table={() => ({
            headings: [
              t('evidence.at'),
              `${t('evidence.took')} (${t('unit.milliseconds')})`,
              t('evidence.command'),
              t('evidence.arguments'),
              t('evidence.client'),
            ],
            rows: newestFirst.map((entry) => [
              new Date(entry.at),
              entry.durationMs,
              entry.command,
              entry.arguments,
              entry.client,
            ]),
          })}
        />
      </div>
      <div className={classes.tableBox}>
        <table className={classes.table} aria-labelledby={heading}>
          <thead>
            <tr>
              <th scope="col">{t('evidence.at')}</th>
              <th scope="col" className={classes.number}>
                {t('evidence.took')}
              </th>
              <th scope="col">{t('evidence.command')}</th>
              <th scope="col" className={classes.number}>
                {t('evidence.arguments')}
              </th>
              <th scope="col">{t('evidence.client')}</th>
            </tr>
          </thead>
          <tbody>
            {newestFirst.slice(0, SHOWN).map((entry) => (
              <tr key={entry.id}>
                <td>
                  <Moment at={entry.at} />
                </td>
                <td className={classes.number}>{text(entry.durationMs, 'milliseconds')}</td>
                <td>{entry.command}</td>
                <td className={classes.number}>{entry.arguments}</td>
                <td>{entry.client ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
