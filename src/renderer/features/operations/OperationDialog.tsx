/** What an operation would do, before anything does; then why, in production the name, and how it ended. */
import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { goesOn, type OperationFacts, type OperationKind } from '#shared/model/operation.ts'
import { useApi } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogButtons } from '../../components/dialog/DialogButtons.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { ConfirmFields } from './ConfirmFields.tsx'
import { wantedConfirmation } from './confirmation.ts'
import { Looked } from './Looked.tsx'
import { leftThere } from './left-there.ts'
import { LOOK_ANEW_MS } from './look-anew.ts'
import { Outcome } from './Outcome.tsx'
import { PreviewLines } from './PreviewLines.tsx'
import { NOTHING_SAID, type Said } from './said.ts'

interface Props {
  readonly kind: OperationKind
  readonly deployment: string
  readonly options: OperationFacts
  readonly called?: { readonly title: string; readonly submit: string }
  /** Left out where there is nothing to choose again. */
  readonly onBack?: (said: Said) => void
  /** What stands in its fields at first. */
  readonly said?: Said
  readonly onClose: () => void
}

/** A session is signalled within a moment: nobody is to wait for the next change that is told. */
const LOOK_EVERY_MS = 500

/** One that no other dialog has. */
function nameOfDialog(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function OperationDialog({
  kind,
  deployment,
  options,
  called,
  onBack,
  said = NOTHING_SAID,
  onClose,
}: Props) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const errorText = useErrorText()
  const [reason, setReason] = useState(said.reason)
  const [name] = useState(nameOfDialog)
  /** Of the plan that was read when it was typed: another one is read before it is confirmed. */
  const [confirmed, setConfirmed] = useState({ plan: '', typed: '' })
  const [silence, setSilence] = useState(said.silence)
  const asked = { kind, deployment, options }
  const start = useMutation(
    api.operations.start.mutationOptions({
      onError(error) {
        const wanted = wantedConfirmation(error)
        if (wanted === null || wanted.plan === null) return
        const { plan, preview: now, deployment: name, reason: why } = wanted
        cache.setQueryData(api.operations.preview.queryKey({ input: asked }), (before) => {
          return { preview: now, plan, confirm: why === 'changed' ? (before?.confirm ?? null) : name }
        })
      },
    }),
  )
  const preview = useQuery({
    ...api.operations.preview.queryOptions({ input: asked }),
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    refetchInterval: start.isPending || start.isSuccess ? false : LOOK_ANEW_MS,
  })
  const id = start.data?.id ?? ''
  const begun = useQuery({
    ...api.operations.get.queryOptions({ input: { id } }),
    enabled: id !== '',
    refetchInterval: ({ state: { data } }) =>
      data === undefined || goesOn(data.state) ? LOOK_EVERY_MS : false,
  })
  const { confirm = null, plan = '' } = preview.data ?? {}
  // Of what reads nothing rings: where that is what it does, nothing is kept quiet for it, whatever was ticked before.
  const mayBeQuiet = preview.data !== undefined && preview.data.preview.effect !== 'reads'
  const typed = confirmed.plan === plan ? confirmed.typed : ''
  const mayStart =
    preview.data !== undefined &&
    preview.error === null &&
    preview.data.preview.refusals.length === 0 &&
    (confirm === null || typed === confirm)

  const left = leftThere(start.error)

  function begin(takeOver: string | null) {
    if (!mayStart) return
    const why = reason.trim()
    start.mutate({
      ...{ ...asked, silence: mayBeQuiet && silence, plan },
      // Begun once, also where the answer to that was lost and it is sent again.
      idempotencyKey: `${name}-${plan}`,
      ...(why !== '' && { reason: why }),
      ...(confirm !== null && { confirm: typed }),
      ...(takeOver !== null && { takeOver }),
    })
  }

  return (
    <Dialog
      size="lg"
      // What is sent is not taken back by leaving it, and a refusal has to be seen.
      isHeld={start.isPending}
      onClose={onClose}
      title={t('operations.title-of', { title: called?.title ?? t(`operations.title-${kind}`), deployment })}
    >
      {start.data !== undefined ? (
        <>
          {/* The place may be the one that the dialog stands over. */}
          <Outcome operation={begun.data ?? start.data} onOpen={onClose} />
          <DialogButtons>
            <Button variant="default" data-autofocus onClick={onClose}>
              {t('settings.close')}
            </Button>
          </DialogButtons>
        </>
      ) : (
        <DialogForm
          submit={called?.submit ?? t(`operations.do-${kind}`)}
          leave={kind === 'cancel-query' ? t('operations.leave-query') : undefined}
          isReady={mayStart}
          isBusy={start.isPending}
          isHeld={start.isPending}
          error={start.error === null ? null : errorText(start.error)}
          onSubmit={() => begin(null)}
          onClose={onClose}
          besides={
            <>
              {left !== null && (
                <Button variant="default" disabled={!mayStart || start.isPending} onClick={() => begin(left)}>
                  {t('operations.take-over')}
                </Button>
              )}
              {onBack !== undefined && (
                <Button
                  variant="default"
                  disabled={start.isPending}
                  onClick={() => onBack({ reason, silence })}
                >
                  {t('operations.back')}
                </Button>
              )}
            </>
          }
        >
          <PreviewLines preview={preview.data?.preview ?? null} isAsked={preview.isPending} />
          <Looked preview={preview} />
          <ConfirmFields
            {...{ reason, confirm, typed }}
            onReason={setReason}
            onTyped={(now) => setConfirmed({ plan, typed: now })}
          >
            {mayBeQuiet && (
              <Checkbox
                size="xs"
                label={t('operations.silence')}
                checked={silence}
                onChange={(event) => setSilence(event.currentTarget.checked)}
              />
            )}
          </ConfirmFields>
        </DialogForm>
      )}
    </Dialog>
  )
}
