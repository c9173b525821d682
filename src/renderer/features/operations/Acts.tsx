/** What can be asked of an operation as it is: wait, go on, give it up, take it back. */
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { useMay } from '../../client/session.ts'
import { type Act, actsOf } from './acts-of.ts'
import { KeepRestored } from './KeepRestored.tsx'
import { leftThere } from './left-there.ts'
import classes from './operations.module.css'

export function Acts({ operation }: { operation: Outputs['operations']['get'] }) {
  const { t } = useTranslation()
  const client = useClient()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const [typed, setTyped] = useState('')
  const { id, deployment } = operation
  const ask = useMutation({
    mutationFn: ({ act, takeOver }: { act: Act; takeOver: string | null }) => {
      if (act === 'pause') return client.operations.pause({ id })
      const over = takeOver !== null && { takeOver }
      return client.operations[act]({ id, ...over, ...(typed !== '' && { confirm: typed }) })
    },
  })
  const acts = may ? actsOf(operation) : []
  if (acts.length === 0) return null
  const left = leftThere(ask.error)
  const wantsName = Reflect.get(ask.error ?? {}, 'code') === 'CONFIRMATION_REQUIRED'
  return (
    <div className={classes.acts}>
      {wantsName && (
        <TextInput
          label={t('operations.confirm', { name: deployment })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <div className={classes.buttons}>
        {acts.map((act) => (
          <Button
            key={act}
            variant="default"
            size="compact-sm"
            loading={ask.isPending && ask.variables.act === act}
            onClick={() => ask.mutate({ act, takeOver: null })}
          >
            {t(`operations.act-${act}`)}
          </Button>
        ))}
        <KeepRestored operation={operation} />
        {left !== null && ask.variables !== undefined && (
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => ask.mutate({ act: ask.variables.act, takeOver: left })}
          >
            {t('operations.take-over')}
          </Button>
        )}
      </div>
      {ask.error !== null && (
        <p role="alert" className={classes.failed}>
          {errorText(ask.error)}
        </p>
      )}
    </div>
  )
}
