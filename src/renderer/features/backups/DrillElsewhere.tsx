/** Chooses the deployment on whose server a backup is tried; what that would do there is shown before. */
import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFleet } from '../../client/live.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { useAskChosen } from '../operations/use-ask-chosen.ts'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'
import { TrustFields } from './TrustFields.tsx'
import { NOT_TRUSTED, needsTrust, trusted } from './trust.ts'
import { targetAmong } from './work-elsewhere.ts'

interface Props {
  readonly deployment: string
  /** The newest good one, where it is left out. */
  readonly backup?: BackupView
  /** Where its schedule has drills. */
  readonly likely: string | undefined
  readonly size?: 'compact-sm'
  readonly disabled?: boolean
}

export function DrillElsewhere({ deployment, backup, likely = '', ...button }: Props) {
  const { t } = useTranslation()
  const { isOpen, open, close, ask } = useAskChosen()
  const { data } = useFleet()
  const [chosen, setChosen] = useState(likely)
  const [trust, setTrust] = useState(NOT_TRUSTED)
  const isTrustAsked = backup !== undefined && needsTrust(backup)
  const given = isTrustAsked ? trusted(trust) : {}
  const names = (data?.rows ?? [])
    .map(({ name, environment }) => ({ value: name, label: `${name} · ${t(`environment.${environment}`)}` }))
    .sort((a, b) => a.value.localeCompare(b.value))
  const target = targetAmong(
    chosen,
    names.map(({ value }) => value),
  )

  function showPlan() {
    if (given === null) return
    const options = { from: deployment, ...(backup !== undefined && { backup: backup.id }), ...given }
    ask({ kind: 'drill', deployment: target, options })
  }

  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {t('backups.drill-there')}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={t('backups.drill-there-title')}>
        <DialogForm
          submit={t('backups.restore-plan')}
          isReady={target !== '' && given !== null}
          onSubmit={showPlan}
          onClose={close}
        >
          <NativeSelect
            size="xs"
            label={t('backups.drill-there-target')}
            data={[{ value: '', label: t('backups.restore-target-none') }, ...names]}
            value={target}
            data-autofocus
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <p className={classes.quiet}>{t('backups.drill-there-means')}</p>
          {isTrustAsked && (
            <TrustFields
              trust={trust}
              label={t('backups.drill-another', { console: backup.console })}
              onChange={setTrust}
            />
          )}
        </DialogForm>
      </Dialog>
    </>
  )
}
