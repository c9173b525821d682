/** A secret in the form: a reference, or a new value that goes into the vault under a proposed name. */
import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../client/console.tsx'
import classes from './form.module.css'
import type { FormState } from './form-state.ts'
import type { SecretDraft } from './parts/secret.ts'
import { isPasted, PastedSecrets } from './pasted-secrets.ts'
import { proposedName } from './secrets-of.ts'

interface Props {
  readonly form: FormState
  /** Path of the field in the form. */
  readonly path: string
  readonly draft: SecretDraft
  readonly label: string
  /** What is expected, where that is more than a reference. */
  readonly hint?: string
  /** What it is, for the proposed name: `postgres-password`. */
  readonly what: string
  readonly required?: boolean
  /** A private key has lines. */
  readonly lines?: boolean
}

export function SecretField({
  form,
  path,
  draft,
  label,
  what,
  hint,
  required = false,
  lines = false,
}: Props) {
  const { t } = useTranslation()
  const [typing, setTyping] = useState(draft.value !== '')
  const secrets = useQuery(useApi().secrets.list.queryOptions())
  const reference = form.getInputProps(`${path}.reference`)
  const value = form.getInputProps(`${path}.value`)
  const taken = secrets.data?.items.some(({ name }) => `secret:${name}` === draft.reference.trim()) === true
  const pasted = isPasted(useContext(PastedSecrets), draft.reference)
  const stored = typing && draft.value === ''

  function type() {
    // What is typed is another secret than the pasted one, and the console still has that under its name.
    if (!draft.reference.startsWith('secret:') || pasted) {
      form.setFieldValue(`${path}.reference`, `secret:${proposedName(form.getValues().name, what)}`)
    }
    setTyping(true)
  }

  const says = !typing
    ? pasted
      ? t('form.secret-pasted')
      : hint
    : t(taken ? (stored ? 'form.secret-stored' : 'form.secret-replaces') : 'form.secret-new')
  return (
    <div className={classes.secret}>
      <TextInput
        label={label}
        description={says}
        placeholder={t('form.secret-hint')}
        required={required}
        autoComplete="off"
        spellCheck={false}
        {...reference}
      />
      {!typing && (
        <Button
          variant="subtle"
          size="compact-xs"
          className={classes.secretType}
          aria-label={t('form.secret-type-for', { label })}
          onClick={type}
        >
          {t('form.secret-type')}
        </Button>
      )}
      {typing &&
        (lines ? (
          <Textarea
            mt={4}
            rows={3}
            aria-label={t('form.secret-value', { label })}
            placeholder={t('form.secret-value', { label })}
            autoComplete="off"
            spellCheck={false}
            {...value}
          />
        ) : (
          <PasswordInput
            mt={4}
            aria-label={t('form.secret-value', { label })}
            placeholder={t('form.secret-value', { label })}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('form.secret-show') }}
            {...value}
          />
        ))}
    </div>
  )
}
