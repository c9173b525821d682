/** Operations as rows; arrows move between them, and `Enter` opens one beside the list. */
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { actorText } from '#shared/locales/translate.ts'
import type { Outputs } from '../../client/client.ts'
import { Moment } from '../../components/Moment.tsx'
import { useActiveRow } from '../../components/table/useActiveRow.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import { places } from '../../places.ts'
import classes from './operations.module.css'
import { StateMark } from './StateMark.tsx'

type Told = Outputs['operations']['list']['items'][number]

export function OperationTable({
  operations,
  opened,
}: {
  operations: readonly Told[]
  opened: string | null
}) {
  const { t, i18n } = useTranslation()
  const { took } = useQuantity()
  const body = useRef<HTMLTableSectionElement>(null)
  const ids = operations.map(({ id }) => id)
  const { active, activate, onKeyDown } = useActiveRow(ids, body, (index) =>
    body.current?.rows[index]?.scrollIntoView({ block: 'nearest' }),
  )
  return (
    <table className={classes.table} aria-label={t('operations.title')}>
      <thead>
        <tr>
          <th scope="col">{t('operations.column-operation')}</th>
          <th scope="col">{t('operations.column-deployment')}</th>
          <th scope="col">{t('operations.column-state')}</th>
          <th scope="col">{t('operations.column-began')}</th>
          <th scope="col" data-number>
            {t('operations.column-took')}
          </th>
          <th scope="col">{t('operations.column-by')}</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {operations.map(({ id, title, deployment, state, createdAt, endedAt, tookMs, actor, reason }) => (
          <tr key={id} data-open={id === opened || undefined}>
            <th scope="row">
              <Link
                href={places.operations(id)}
                replace
                data-row={id}
                tabIndex={id === active ? 0 : -1}
                onFocus={() => activate(id)}
              >
                {title}
              </Link>
              {reason !== null && <p className={classes.quiet}>{reason}</p>}
            </th>
            <td>{deployment}</td>
            <td>
              <StateMark state={state} />
            </td>
            <td>
              <Moment at={Date.parse(createdAt)} show="absolute" />
            </td>
            <td data-figures data-number>
              {/* Without what it waited for somebody. */}
              {endedAt === null || tookMs === null ? '—' : took(tookMs)}
            </td>
            <td>{actorText(i18n, actor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
