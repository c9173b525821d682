/** Asks what of a backup is restored and where to; the plan is shown before anything runs. */
import { Button, Checkbox, Modal, NativeSelect, Radio } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RestoreBeside } from '#shared/model/restore.ts'
import { useAskOperation } from '../operations/OperationAsking.tsx'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'

const WAYS = ['swap', 'beside'] as const

export function RestoreButton({ backup }: { backup: BackupView }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const [asking, setAsking] = useState(false)
  const names = backup.databases.map(({ name }) => name)
  const [database, setDatabase] = useState(names[0] ?? '')
  const [way, setWay] = useState<(typeof WAYS)[number]>('swap')
  const [another, setAnother] = useState(false)
  const isAnother = backup.signedBy === 'another'

  function showPlan(event: FormEvent) {
    event.preventDefault()
    setAsking(false)
    const options = {
      ...{ mode: 'side-by-side' as const, backup: backup.id, database },
      ...{ swap: way === 'swap', another },
    } satisfies RestoreBeside
    askOperation({ kind: 'restore', deployment: backup.deployment, options })
  }

  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {t('backups.ask-restore')}
      </Button>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('backups.restore-title')}
        closeButtonProps={{ 'aria-label': t('settings.close') }}
      >
        <form className={classes.form} onSubmit={showPlan}>
          {names.length > 1 && (
            <NativeSelect
              label={t('backups.column-database')}
              data={names}
              value={database}
              onChange={(event) => setDatabase(event.currentTarget.value)}
            />
          )}
          <Radio.Group
            label={t('backups.restore-where')}
            value={way}
            onChange={(value) => setWay(value as typeof way)}
          >
            <div className={classes.choices}>
              {WAYS.map((one) => (
                <Radio
                  key={one}
                  size="xs"
                  value={one}
                  label={t(`backups.restore-${one}`, { database })}
                  description={t(`backups.restore-${one}-means`, { database })}
                />
              ))}
            </div>
          </Radio.Group>
          {isAnother && (
            <Checkbox
              size="xs"
              label={t('backups.restore-another', { console: backup.console })}
              checked={another}
              onChange={(event) => setAnother(event.currentTarget.checked)}
            />
          )}
          <div className={classes.buttons}>
            <Button type="submit" disabled={isAnother && !another}>
              {t('backups.restore-plan')}
            </Button>
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('settings.cancel')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
