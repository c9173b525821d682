/** What can be asked of an operation as it is: wait, go on, give it up, take it back. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { useMay } from '../../client/session.ts'
import { type Act, actsOf } from './acts-of.ts'
import { ConfirmAct } from './ConfirmAct.tsx'
import { wantedConfirmation } from './confirmation.ts'
import { KeepRestored } from './KeepRestored.tsx'
import { leftThere } from './left-there.ts'
import classes from './operations.module.css'

interface Asked {
  readonly act: Act
  readonly confirm?: string
  readonly reason?: string
  readonly takeOver?: string
}

export function Acts({ operation }: { operation: Outputs['operations']['get'] }) {
  const { t } = useTranslation()
  const client = useClient()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const { id } = operation
  const ask = useMutation({
    mutationFn: ({ act, ...terms }: Asked) =>
      act === 'pause' ? client.operations.pause({ id }) : client.operations[act]({ id, ...terms }),
  })
  const acts = may ? actsOf(operation) : []
  if (acts.length === 0) return null
  const asked = ask.variables
  const left = leftThere(ask.error)
  const wanted = wantedConfirmation(ask.error)
  const nameOf = (act: Act) =>
    t(
      act === 'resume' && operation.heading !== 'forward'
        ? 'operations.act-resume-back'
        : `operations.act-${act}`,
    )
  return (
    <div className={classes.acts}>
      <div className={classes.buttons}>
        {acts.map((act) => (
          <Button
            key={act}
            variant="default"
            size="compact-sm"
            loading={ask.isPending && asked?.act === act}
            onClick={() => ask.mutate({ act })}
          >
            {nameOf(act)}
          </Button>
        ))}
        <KeepRestored operation={operation} />
        {left !== null && asked !== undefined && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => ask.mutate({ ...asked, takeOver: left })}
          >
            {t('operations.take-over')}
          </Button>
        )}
      </div>
      {ask.error !== null && (
        <p role="alert" className={classes.failed}>
          {errorText(ask.error)}
        </p>
      )}
      {wanted !== null && asked !== undefined && (
        <ConfirmAct
          wanted={wanted}
          act={nameOf(asked.act)}
          onConfirm={(terms) => ask.mutate({ ...asked, ...terms })}
        />
      )}
    </div>
  )
}
