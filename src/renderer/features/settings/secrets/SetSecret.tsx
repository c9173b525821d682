/** The form that puts a secret into the vault or replaces one; what is typed leaves the page once and is not kept. */
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SecretName } from '#shared/model/access.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import classes from '../settings.module.css'

interface SetSecretProps {
  readonly name: string
  readonly onName: (name: string) => void
  readonly known: readonly string[]
}

export function SetSecret({ name, onName, known }: SetSecretProps) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const [value, setValue] = useState('')
  const [touched, setTouched] = useState(false)
  const set = useMutation(
    useApi().secrets.set.mutationOptions({
      onSuccess: () => {
        onName('')
        setValue('')
        setTouched(false)
        return cache.invalidateQueries({ queryKey: keys.secrets })
      },
    }),
  )
  const fitting = SecretName.safeParse(name).success
  return (
    <form
      className={classes.stack}
      style={{ maxWidth: 720, marginBottom: 20 }}
      onSubmit={(event) => {
        event.preventDefault()
        setTouched(true)
        if (fitting && value !== '') set.mutate({ name, value })
      }}
    >
      <div className={classes.fields}>
        <div data-span="4">
          <TextInput
            label={t('secrets.name')}
            value={name}
            onChange={(event) => onName(event.currentTarget.value)}
            error={touched && !fitting ? t('secrets.bad-name') : undefined}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
        <div data-span="6">
          <PasswordInput
            id="secret-value"
            label={t('secrets.value')}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            error={touched && value === '' ? t('secrets.no-value') : undefined}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('form.secret-show') }}
          />
        </div>
        <div data-span="2">
          <Button type="submit" loading={set.isPending} mt={20}>
            {t(known.includes(name) ? 'secrets.replace' : 'secrets.put')}
          </Button>
        </div>
      </div>
      {set.isError && (
        <p role="alert" className={classes.failed}>
          {errorText(set.error)}
        </p>
      )}
    </form>
  )
}
