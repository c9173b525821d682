/** Chooses the deployment on whose server a backup is tried; what that would do there is shown before. */
import { Button, Modal, NativeSelect } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFleet } from '../../client/live.ts'
import { useAskOperation } from '../operations/OperationAsking.tsx'
import classes from './backups.module.css'
import { targetAmong } from './drills-elsewhere.ts'

interface Props {
  readonly deployment: string
  /** The newest good one, where it is left out. */
  readonly backup?: string
  /** Where its schedule has drills. */
  readonly likely: string | undefined
  readonly size?: 'compact-sm'
  readonly disabled?: boolean
}

export function DrillElsewhere({ deployment, backup, likely = '', ...button }: Props) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const { data } = useFleet()
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState(likely)
  const names = (data?.rows ?? [])
    .map(({ name, environment }) => ({ value: name, label: `${name} · ${t(`environment.${environment}`)}` }))
    .sort((a, b) => a.value.localeCompare(b.value))
  const target = targetAmong(
    chosen,
    names.map(({ value }) => value),
  )

  function showPlan(event: FormEvent) {
    event.preventDefault()
    if (target === '') return
    setOpen(false)
    const options = { from: deployment, ...(backup !== undefined && { backup }) }
    askOperation({ kind: 'drill', deployment: target, options, onBack: () => setOpen(true) })
  }

  return (
    <>
      <Button variant="default" {...button} onClick={() => setOpen(true)}>
        {t('backups.drill-there')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('backups.drill-there-title')}
        closeButtonProps={{ 'aria-label': t('settings.close') }}
      >
        <form className={classes.form} onSubmit={showPlan}>
          <NativeSelect
            size="xs"
            label={t('backups.drill-there-target')}
            data={[{ value: '', label: t('backups.restore-target-none') }, ...names]}
            value={target}
            data-autofocus
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          <p className={classes.quiet}>{t('backups.drill-there-means')}</p>
          <div className={classes.buttons}>
            <Button type="submit" disabled={target === ''}>
              {t('backups.restore-plan')}
            </Button>
            <Button variant="default" onClick={() => setOpen(false)}>
              {t('settings.cancel')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
