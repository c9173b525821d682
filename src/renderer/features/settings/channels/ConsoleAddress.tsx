/** Where people reach this console: what links in messages begin with. */
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import own from './channels.module.css'

export function ConsoleAddress() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const api = useApi()
  const { data } = useQuery(api.channels.settings.queryOptions())
  const [typed, setTyped] = useState<string | null>(null)
  const keep = useMutation(
    api.channels.configure.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: keys.channels })
        setTyped(null)
      },
    }),
  )
  const value = typed ?? data?.baseUrl ?? ''
  return (
    <form
      className={own.address}
      onSubmit={(event) => {
        event.preventDefault()
        keep.mutate({ baseUrl: value.trim() === '' ? null : value.trim() })
      }}
    >
      <TextInput
        label={t('channels.base-url')}
        description={t('channels.base-url-hint')}
        placeholder="https://vakhta.example.com"
        value={value}
        disabled={data === undefined}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={keep.isError ? errorText(keep.error) : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      <Button type="submit" variant="default" mt={20} loading={keep.isPending} disabled={typed === null}>
        {t('form.save')}
      </Button>
    </form>
  )
}
