/** What can be asked of an operation as it is: wait, go on, give it up, take it back. What changes the target is shown before. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useErrorText } from '../../client/error-text.ts'
import { useMay } from '../../client/session.ts'
import { ActDialog } from './ActDialog.tsx'
import { type Act, actsOf, isShownBefore, type ShownAct } from './acts-of.ts'
import { wantedConfirmation } from './confirmation.ts'
import { KeepRestored } from './KeepRestored.tsx'
import { leftThere } from './left-there.ts'
import classes from './operations.module.css'
import { useAct } from './use-act.ts'

export function Acts({ operation }: { operation: Outputs['operations']['get'] }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const [shown, setShown] = useState<ShownAct | null>(null)
  const ask = useAct(operation.id)
  const acts = may ? actsOf(operation) : []
  const asked = ask.variables
  const left = leftThere(ask.error)
  const isWanted = wantedConfirmation(ask.error) !== null
  const nameOf = (act: Act) => {
    if (act !== 'resume') return t(`operations.act-${act}`)
    if (operation.pause !== null) return t('operations.act-resume-running')
    return t(operation.heading === 'forward' ? 'operations.act-resume' : 'operations.act-resume-back')
  }

  function choose(act: Act) {
    ask.reset()
    if (act !== 'pause' && isShownBefore(act, operation)) setShown(act)
    else
      ask.mutate(
        { act },
        { onError: (error) => act !== 'pause' && wantedConfirmation(error) && setShown(act) },
      )
  }

  // An open dialog outlives the buttons: what it asked for may be done by now.
  if (acts.length === 0 && shown === null) return null
  return (
    <div className={classes.acts}>
      <div className={classes.buttons}>
        {acts.map((act) => (
          <Button
            key={act}
            variant="default"
            size="compact-sm"
            loading={ask.isPending && asked?.act === act}
            onClick={() => choose(act)}
          >
            {isShownBefore(act, operation) ? t('operations.act-asks', { act: nameOf(act) }) : nameOf(act)}
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
      {ask.error !== null && !isWanted && (
        <p role="alert" className={classes.failed}>
          {errorText(ask.error)}
        </p>
      )}
      {shown !== null && (
        <ActDialog operation={operation} act={shown} name={nameOf(shown)} onClose={() => setShown(null)} />
      )}
    </div>
  )
}
