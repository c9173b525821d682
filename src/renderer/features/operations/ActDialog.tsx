/** What going on with an operation, giving it up, or taking it back would do, and what is lost with it; then why, and in production the name. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useErrorText } from '../../client/error-text.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { useNow } from '../../components/now.ts'
import type { ShownAct } from './acts-of.ts'
import { ConfirmFields } from './ConfirmFields.tsx'
import { Looked } from './Looked.tsx'
import { leftThere } from './left-there.ts'
import { wordOf } from './look-anew.ts'
import { PreviewLines } from './PreviewLines.tsx'
import { useAct } from './use-act.ts'
import { useActPreview } from './use-act-preview.ts'

interface Props {
  readonly operation: Outputs['operations']['get']
  readonly act: ShownAct
  /** What the button is called that does it. */
  readonly name: string
  readonly onClose: () => void
}

/** Whoever wants to give up what runs is not held up by a look at a target that takes its time. */
const MOST_HELD_UP_MS = 2_000

export function ActDialog({ operation, act, name, onClose }: Props) {
  const { id, title, deployment, heading } = operation
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [reason, setReason] = useState('')
  const [openedAt] = useState(Date.now)
  const isLong = useNow((now) => now - openedAt >= MOST_HELD_UP_MS)
  /** Of what was read when it was typed: something else is read before it is confirmed. */
  const [confirmed, setConfirmed] = useState({ said: '', typed: '' })
  const ask = useAct(id, onClose)
  const { preview, showWanted } = useActPreview(operation, act, ask.isPending || ask.isSuccess)
  // Where nobody can look by now, what was seen before is not what would be done.
  const shown = preview.error === null ? preview.data : undefined
  const said = shown === undefined ? '' : wordOf(shown)
  const typed = confirmed.said === said ? confirmed.typed : ''
  const confirm = preview.data?.confirm ?? null
  const isConfirmed = confirm === null || typed === confirm
  // What is under way, or was cut off, is given up and gone on with whatever a look says, or where nobody can look.
  const isPossible = act !== 'undo' || shown?.preview.refusals.length === 0
  const isReady = (!preview.isPending || isLong) && isPossible && isConfirmed
  const left = leftThere(ask.error)

  function send(takeOver: string | null) {
    const why = reason.trim()
    ask.mutate(
      {
        act,
        ...(shown !== undefined && { plan: shown.plan }),
        ...(why !== '' && { reason: why }),
        ...(confirm !== null && { confirm: typed }),
        ...(takeOver !== null && { takeOver }),
      },
      { onError: (error) => void showWanted(error) },
    )
  }

  return (
    // What is sent is not taken back by leaving it, and a refusal has to be seen.
    <Dialog
      size="lg"
      isHeld={ask.isPending}
      onClose={onClose}
      title={t('operations.act-title', { act: name, title, deployment })}
    >
      <DialogForm
        submit={name}
        leave={act === 'cancel' ? t('operations.leave-going') : undefined}
        isReady={isReady}
        isBusy={ask.isPending}
        isHeld={ask.isPending}
        error={ask.error === null ? null : errorText(ask.error)}
        onSubmit={() => send(null)}
        onClose={onClose}
        besides={
          left !== null && (
            <Button variant="default" disabled={!isReady || ask.isPending} onClick={() => send(left)}>
              {t('operations.take-over')}
            </Button>
          )
        }
      >
        <PreviewLines
          preview={shown?.preview ?? null}
          isAsked={preview.isPending}
          isBack={act === 'resume' ? heading !== 'forward' : act !== 'leave'}
        />
        <Looked preview={preview} />
        <ConfirmFields
          {...{ reason, confirm, typed }}
          onReason={setReason}
          onTyped={(now) => setConfirmed({ said, typed: now })}
        />
      </DialogForm>
    </Dialog>
  )
}
