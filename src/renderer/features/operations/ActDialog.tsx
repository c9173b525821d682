/** What going on with an operation, giving it up, or taking it back would do, and what is lost with it; then why, and in production the name. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useApi } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import type { Act } from './acts-of.ts'
import { ConfirmFields } from './ConfirmFields.tsx'
import { wantedConfirmation } from './confirmation.ts'
import { Looked } from './Looked.tsx'
import { leftThere } from './left-there.ts'
import { LOOK_ANEW_MS, wordOf } from './look-anew.ts'
import { PreviewLines } from './PreviewLines.tsx'
import { useAct } from './use-act.ts'

interface Props {
  readonly operation: Outputs['operations']['get']
  readonly act: Exclude<Act, 'pause'>
  /** What the button is called that does it. */
  readonly name: string
  readonly onClose: () => void
}

export function ActDialog({ operation: { id, title, deployment, heading }, act, name, onClose }: Props) {
  const { t } = useTranslation()
  const api = useApi()
  const errorText = useErrorText()
  const [reason, setReason] = useState('')
  /** Of what was read when it was typed: something else is read before it is confirmed. */
  const [confirmed, setConfirmed] = useState({ said: '', typed: '' })
  const asked = { id, act: act === 'leave' ? ('cancel' as const) : act, leave: act === 'leave' }
  const ask = useAct(id, onClose)
  const preview = useQuery({
    ...api.operations.previewAct.queryOptions({ input: asked }),
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    refetchInterval: ask.isPending || ask.isSuccess ? false : LOOK_ANEW_MS,
  })
  const wanted = wantedConfirmation(ask.error)
  const seen = preview.data?.preview ?? wanted?.preview ?? null
  const said = seen === null ? '' : wordOf(seen)
  const typed = confirmed.said === said ? confirmed.typed : ''
  const confirm = preview.data?.confirm ?? wanted?.deployment ?? null
  const isConfirmed = confirm === null || (typed === confirm && reason.trim() !== '')
  // What is under way, or was cut off, is given up and gone on with whatever a look says, or where nobody can look.
  const isPossible = act !== 'undo' || (preview.error === null && seen?.refusals.length === 0)
  const isReady = !preview.isPending && isPossible && isConfirmed
  const left = leftThere(ask.error)

  function send(takeOver: string | null) {
    const why = reason.trim()
    ask.mutate({
      act,
      ...(why !== '' && { reason: why }),
      ...(confirm !== null && { confirm: typed }),
      ...(takeOver !== null && { takeOver }),
    })
  }

  return (
    <Dialog size="lg" onClose={onClose} title={t('operations.act-title', { act: name, title, deployment })}>
      <DialogForm
        submit={name}
        isReady={isReady}
        isBusy={ask.isPending}
        error={ask.error === null ? null : errorText(ask.error)}
        onSubmit={() => send(null)}
        onClose={onClose}
        besides={
          left !== null && (
            <Button variant="default" disabled={!isReady} onClick={() => send(left)}>
              {t('operations.take-over')}
            </Button>
          )
        }
      >
        <PreviewLines
          preview={seen}
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
