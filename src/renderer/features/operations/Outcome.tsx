/** How an operation stands, with what went wrong; while it runs, and where it has several, its steps. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { isOver } from '#shared/model/operation.ts'
import type { Outputs } from '../../client/client.ts'
import { places } from '../../places.ts'
import classes from './operations.module.css'
import { StateMark } from './StateMark.tsx'
import { Steps } from './Steps.tsx'

type Told = Outputs['operations']['list']['items'][number]

interface Props {
  readonly operation: Told
  /** The operation is opened where it is one of many. */
  readonly onOpen: () => void
}

export function Outcome({ operation, onOpen }: Props) {
  const { t } = useTranslation()
  const { id, state, target, error, title, deployment, steps } = operation
  return (
    <div className={classes.outcome}>
      <p role="status">
        <strong>
          <StateMark state={state} />
        </strong>
        {isOver(state) && <span className={classes.quiet}> · {t(`operations.target-${target}`)}</span>}
      </p>
      {steps.length > 1 && <Steps operation={operation} />}
      {error !== null && (
        <p role="alert" className={classes.failed}>
          {error.text}
        </p>
      )}
      <p>
        <Link href={places.operations(id)} onClick={onOpen}>
          {t('operations.open-one', { title, deployment })}
        </Link>
      </p>
    </div>
  )
}
