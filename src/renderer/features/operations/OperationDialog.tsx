/** What an operation would do, before anything does; then why, in production the name, and how it ended. */
import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOver, type OperationFacts, type OperationKind } from '#shared/model/operation.ts'
import { useApi } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { leftThere } from './left-there.ts'
import { Outcome } from './Outcome.tsx'
import classes from './operations.module.css'
import { PreviewLines } from './PreviewLines.tsx'

interface Props {
  readonly kind: OperationKind
  readonly deployment: string
  readonly options: OperationFacts
  /** Left out where there is nothing to choose again. */
  readonly onBack?: () => void
  readonly onClose: () => void
}

/** A session is signalled within a moment: nobody is to wait for the next change that is told. */
const LOOK_EVERY_MS = 500

export function OperationDialog({ kind, deployment, options, onBack, onClose }: Props) {
  const { t } = useTranslation()
  const api = useApi()
  const errorText = useErrorText()
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [silence, setSilence] = useState(false)
  const asked = { kind, deployment, options }
  const preview = useQuery({
    ...api.operations.preview.queryOptions({ input: asked }),
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
  })
  const start = useMutation(api.operations.start.mutationOptions())
  const id = start.data?.id ?? ''
  const begun = useQuery({
    ...api.operations.get.queryOptions({ input: { id } }),
    enabled: id !== '',
    refetchInterval: ({ state }) => (state.data && isOver(state.data.state) ? false : LOOK_EVERY_MS),
  })
  const confirm = preview.data?.confirm ?? null
  const mayStart =
    preview.data !== undefined &&
    preview.data.preview.refusals.length === 0 &&
    (confirm === null || (typed === confirm && reason.trim() !== ''))

  const left = leftThere(start.error)

  function run(event: FormEvent) {
    event.preventDefault()
    begin(null)
  }

  function begin(takeOver: string | null) {
    if (!mayStart) return
    const why = reason.trim()
    start.mutate({
      ...{ ...asked, silence },
      ...(why !== '' && { reason: why }),
      ...(confirm !== null && { confirm: typed }),
      ...(takeOver !== null && { takeOver }),
    })
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(`operations.title-${kind}`)}
      closeButtonProps={{ 'aria-label': t('settings.close') }}
    >
      {start.data !== undefined ? (
        <div className={classes.form}>
          <Outcome operation={begun.data ?? start.data} />
          <div className={classes.buttons}>
            <Button variant="default" data-autofocus onClick={onClose}>
              {t('settings.close')}
            </Button>
          </div>
        </div>
      ) : (
        <form className={classes.form} onSubmit={run}>
          {preview.error !== null && (
            <p role="alert" className={classes.failed}>
              {errorText(preview.error)}
            </p>
          )}
          <PreviewLines preview={preview.data?.preview ?? null} isAsked={preview.isPending} />
          <Textarea
            label={t('operations.reason')}
            placeholder={confirm === null ? t('operations.reason-optional') : t('operations.reason-needed')}
            value={reason}
            maxLength={500}
            minRows={1}
            autosize
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {preview.data?.preview.effect !== 'reads' && (
            <Checkbox
              size="xs"
              label={t('operations.silence')}
              checked={silence}
              onChange={(event) => setSilence(event.currentTarget.checked)}
            />
          )}
          {confirm !== null && (
            <TextInput
              label={t('operations.confirm', { name: confirm })}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          {start.error !== null && (
            <p role="alert" className={classes.failed}>
              {errorText(start.error)}
            </p>
          )}
          <div className={classes.buttons}>
            <Button type="submit" loading={start.isPending} disabled={!mayStart}>
              {t(`operations.do-${kind}`)}
            </Button>
            {left !== null && (
              <Button variant="default" disabled={!mayStart} onClick={() => begin(left)}>
                {t('operations.take-over')}
              </Button>
            )}
            {onBack !== undefined && (
              <Button variant="default" disabled={start.isPending} onClick={onBack}>
                {t('operations.back')}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              {t('settings.cancel')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
