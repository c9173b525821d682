/** How an operation stands, in one line, with what went wrong. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { isOver } from '#shared/model/operation.ts'
import type { Outputs } from '../../client/client.ts'
import { places } from '../../places.ts'
import classes from './operations.module.css'

type Told = Outputs['operations']['list']['items'][number]

export function Outcome({ operation }: { operation: Told }) {
  const { t } = useTranslation()
  const { id, state, target, error, title, deployment } = operation
  return (
    <div role="status" className={classes.outcome}>
      <p>
        <strong>{t(`operations.state-${state}`)}</strong>
        {isOver(state) && <span className={classes.quiet}> · {t(`operations.target-${target}`)}</span>}
      </p>
      {error !== null && <p className={classes.failed}>{error.text}</p>}
      <p>
        <Link href={places.operations(id)}>{t('operations.open-one', { title, deployment })}</Link>
      </p>
    </div>
  )
}
