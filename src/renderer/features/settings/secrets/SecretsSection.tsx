/** The names of the secrets in the vault: put one in, replace it, remove it. Values go in and are never shown. */
import { Button, PasswordInput, TextInput, VisuallyHidden } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SecretName } from '#shared/model/access.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { Moment } from '../../../components/Moment.tsx'
import classes from '../settings.module.css'
import { RemoveSecret } from './RemoveSecret.tsx'

export function SecretsSection() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { data, error, refetch } = useQuery(useApi().secrets.list.queryOptions({ staleTime: 0 }))
  const [name, setName] = useState('')
  const items = [...(data?.items ?? [])].sort((a, b) => a.name.localeCompare(b.name))
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.secrets')}</h1>
      </div>
      <p className={classes.text}>{t('secrets.explains')}</p>
      <SetSecret name={name} onName={setName} known={items.map((item) => item.name)} />
      <ListFaces
        face={
          data === undefined
            ? error === null
              ? { kind: 'loading' }
              : { kind: 'error', message: errorText(error), retry: () => void refetch() }
            : { kind: items.length === 0 ? 'empty' : 'full' }
        }
        rowHeight={48}
        skeletonRows={3}
        errorTitle={t('secrets.failed')}
        empty={{ title: t('secrets.empty-title'), text: t('secrets.empty-text') }}
      >
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('secrets.name')}</th>
              <th scope="col">{t('secrets.updated')}</th>
              <th scope="col">{t('secrets.used-by')}</th>
              <th scope="col">
                <VisuallyHidden>{t('deployments.actions')}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.name}>
                <th scope="row" className={classes.mono}>
                  {item.name}
                </th>
                <td>
                  <Moment at={Date.parse(item.updatedAt)} show="relative" />
                </td>
                <td>
                  {item.usedBy.length > 0 ? (
                    item.usedBy.join(', ')
                  ) : (
                    <span className={classes.quiet}>{t('secrets.unused')}</span>
                  )}
                </td>
                <td className={classes.end}>
                  <div>
                    <Button
                      variant="default"
                      aria-label={t('secrets.replace-name', { name: item.name })}
                      onClick={() => {
                        setName(item.name)
                        document.getElementById('secret-value')?.focus()
                      }}
                    >
                      {t('secrets.replace')}
                    </Button>
                    <RemoveSecret name={item.name} usedBy={item.usedBy} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ListFaces>
    </>
  )
}

interface SetSecretProps {
  readonly name: string
  readonly onName: (name: string) => void
  readonly known: readonly string[]
}

function SetSecret({ name, onName, known }: SetSecretProps) {
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
