/** A button that removes something after asking, and says why where it cannot. */
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useErrorText } from '../../client/error-text.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import classes from './settings.module.css'

interface Props {
  readonly label: string
  /** With the name of what is removed: there is a button in each row. */
  readonly longLabel: string
  readonly title: string
  /** What follows from it. */
  readonly text: string
  readonly disabled?: boolean
  readonly remove: () => Promise<unknown>
  /** What is fetched again afterwards. */
  readonly listed: readonly unknown[]
}

export function RemoveButton({ label, longLabel, title, text, disabled = false, remove, listed }: Props) {
  const errorText = useErrorText()
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      setAsking(false)
      return cache.invalidateQueries({ queryKey: listed })
    },
  })
  const close = () => {
    setAsking(false)
    removal.reset()
  }
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={longLabel}>
        {label}
      </Button>
      <Dialog opened={asking} onClose={close} title={title}>
        <DialogForm
          submit={label}
          isReady={!disabled}
          isBusy={removal.isPending}
          error={removal.isError ? errorText(removal.error) : null}
          isCautious
          onSubmit={() => removal.mutate()}
          onClose={close}
        >
          <p className={classes.text}>{text}</p>
        </DialogForm>
      </Dialog>
    </>
  )
}
