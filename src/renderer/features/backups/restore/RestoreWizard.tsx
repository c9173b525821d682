/** What of a backup is restored, and where to: a mode, with what it wants to know. What was chosen stays while its plan is read. */
import { NativeSelect, Radio } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFleet } from '../../../client/live.ts'
import { Dialog } from '../../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../../components/dialog/DialogForm.tsx'
import type { BackupView } from '../backup-view.ts'
import classes from '../backups.module.css'
import { TrustFields } from '../TrustFields.tsx'
import { NOT_TRUSTED, needsTrust, trusted } from '../trust.ts'
import { targetAmong } from '../work-elsewhere.ts'
import type { RestoreAsked, RestoreDraft, RestoreMode } from './modes/mode.ts'
import { modesFor } from './modes/restore-modes.ts'

interface Props {
  readonly backup: BackupView
  readonly opened: boolean
  readonly onClose: () => void
  readonly onAsked: (asked: RestoreAsked) => void
}

export function RestoreWizard({ backup, opened, onClose, onAsked }: Props) {
  const { t } = useTranslation()
  const names = backup.databases.map(({ name }) => name)
  const { data } = useFleet({ subscribed: opened })
  const [kept, setDraft] = useState<RestoreDraft>({
    ...{ database: names[0] ?? '', room: 'unknown', tables: [], target: '', as: '' },
  })
  // The deployment that was chosen may be gone by now.
  const deployments = (data?.rows ?? []).map(({ name }) => name)
  const draft = { ...kept, target: targetAmong(kept.target, deployments) }
  const [chosen, setChosen] = useState<RestoreMode['id']>('swap')
  const [trust, setTrust] = useState(NOT_TRUSTED)
  const { foreign } = backup
  const modes = modesFor(backup)
  const isTrustAsked = needsTrust(backup) || foreign !== null
  const given = isTrustAsked ? trusted(trust) : {}
  const asked = modes.find(({ id }) => id === chosen)?.asked(draft, backup) ?? null
  const isReady = asked !== null && given !== null

  function showPlan() {
    if (asked === null || given === null) return
    onAsked({ ...asked, options: { ...asked.options, ...given } })
  }

  return (
    <Dialog opened={opened} size="lg" onClose={onClose} title={t('backups.restore-title')}>
      <DialogForm submit={t('backups.restore-plan')} isReady={isReady} onSubmit={showPlan} onClose={onClose}>
        {names.length > 1 && (
          <NativeSelect
            size="xs"
            label={t('backups.column-database')}
            data={names}
            value={draft.database}
            // Tables are those of one database.
            onChange={(event) => setDraft({ ...kept, database: event.currentTarget.value, tables: [] })}
          />
        )}
        <Radio.Group
          label={t('backups.restore-where')}
          value={chosen}
          onChange={(value) => setChosen(value as RestoreMode['id'])}
        >
          <div className={classes.choices}>
            {modes.map(({ id, Fields }) => (
              <div key={id} className={classes.choice}>
                <Radio
                  size="xs"
                  value={id}
                  label={t(`backups.mode-${id}`, { database: draft.database })}
                  description={t(`backups.mode-${id}-means`, { database: draft.database })}
                  styles={{ description: { fontSize: '0.75rem', lineHeight: 1.4 } }}
                  data-autofocus={id === chosen || undefined}
                />
                {id === chosen && Fields !== undefined && (
                  <div className={classes.fields}>
                    <Fields
                      backup={backup}
                      draft={draft}
                      onChange={(change) => setDraft({ ...kept, ...change })}
                    />
                  </div>
                )}
              </div>
            ))}
          </div>
        </Radio.Group>
        {isTrustAsked && (
          <TrustFields
            trust={trust}
            label={
              foreign === null
                ? t('backups.restore-another', { console: backup.console })
                : t('backups.restore-foreign', { file: foreign.file })
            }
            onChange={setTrust}
          />
        )}
      </DialogForm>
    </Dialog>
  )
}
