/** Statements that run long or wait for others, the longest first; their literals were masked before they were kept. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { SlowStatement } from '#shared/model/observation.ts'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../deployment.module.css'
import own from './evidence.module.css'

export function Statements({ statements }: { statements: readonly SlowStatement[] }) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  const heading = useId()
  const waitersOf = (pid: number) => statements.filter(({ blockedBy }) => blockedBy.includes(pid)).length
  const sorted = [...statements].sort((a, b) => b.durationMs - a.durationMs)
  return (
    <div className={classes.wide}>
      <div className={classes.tableHead}>
        <h3 id={heading}>{t('evidence.statements')}</h3>
        <CsvButton
          label={t('evidence.statements')}
          table={() => ({
            headings: [
              t('evidence.pid'),
              t('evidence.user'),
              `${t('evidence.duration')} (${t('unit.seconds')})`,
              t('evidence.state'),
              t('evidence.waits'),
              t('evidence.waits-for-pid'),
              t('evidence.statement'),
            ],
            rows: sorted.map((one) => [
              one.pid,
              one.user,
              one.durationMs / 1_000,
              one.state,
              one.waiting,
              one.blockedBy.join(' '),
              one.statement,
            ]),
          })}
        />
      </div>
      <div className={classes.tableBox}>
        <table className={classes.table} aria-labelledby={heading}>
          <thead>
            <tr>
              <th scope="col" className={classes.number}>
                {t('evidence.pid')}
              </th>
              <th scope="col">{t('evidence.user')}</th>
              <th scope="col" className={classes.number}>
                {t('evidence.duration')}
              </th>
              <th scope="col">{t('evidence.state')}</th>
              <th scope="col">{t('evidence.waits')}</th>
              <th scope="col">{t('evidence.statement')}</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((one) => (
              <tr key={one.pid}>
                <th scope="row" className={classes.number}>
                  {one.pid}
                </th>
                <td>{one.user ?? '–'}</td>
                <td className={classes.number}>{duration(one.durationMs)}</td>
                <td>
                  {one.state ?? '–'}
                  {waitersOf(one.pid) > 0 && (
                    <strong> · {t('evidence.blocks', { count: waitersOf(one.pid) })}</strong>
                  )}
                </td>
                <td>
                  {one.blockedBy.length > 0
                    ? t('evidence.blocked-by', { pids: one.blockedBy.join(', ') })
                    : (one.waiting ?? '–')}
                </td>
                <td>
                  <span className={own.statement} title={one.statement}>
                    {one.statement}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
