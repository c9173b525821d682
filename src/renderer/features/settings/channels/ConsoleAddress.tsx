/** Where people reach this console, which links in messages begin with, and what other consoles call it. */
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NotifySettings } from '#shared/model/channel.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import own from './channels.module.css'

type Typed = { readonly [Field in keyof NotifySettings]?: string }

export function ConsoleAddress() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const keys = useKeys()
  const cache = useQueryClient()
  const api = useApi()
  const { data } = useQuery(api.channels.settings.queryOptions())
  const [typed, setTyped] = useState<Typed>({})
  const keep = useMutation(
    api.channels.configure.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: keys.channels })
        setTyped({})
      },
    }),
  )
  const isPublic = (data?.publicUrl ?? null) !== null
  const shownOf = (field: keyof NotifySettings) => typed[field] ?? data?.[field] ?? ''
  const kept = (field: keyof NotifySettings) => shownOf(field).trim() || null
  const inputProps = (field: keyof NotifySettings) => ({
    value: shownOf(field),
    disabled: data === undefined,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [field]: event.currentTarget.value }),
  })
  return (
    <form
      className={own.address}
      onSubmit={(event) => {
        event.preventDefault()
        keep.mutate({ baseUrl: kept('baseUrl'), consoleName: kept('consoleName') })
      }}
    >
      <TextInput
        label={t('channels.base-url')}
        description={t(isPublic ? 'channels.base-url-hint-public' : 'channels.base-url-hint')}
        placeholder={data?.publicUrl ?? 'https://vakhta.example.com'}
        error={keep.isError ? errorText(keep.error) : undefined}
        {...inputProps('baseUrl')}
      />
      <TextInput
        label={t('channels.console-name')}
        description={t('channels.console-name-hint')}
        maxLength={40}
        {...inputProps('consoleName')}
      />
      <Button
        type="submit"
        variant="default"
        mt={20}
        loading={keep.isPending}
        disabled={Object.keys(typed).length === 0}
      >
        {t('form.save')}
      </Button>
    </form>
  )
}
