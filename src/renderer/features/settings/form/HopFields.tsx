/** One SSH hop: where it is, as whom, and the ways to log in. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { NumberField, TextField } from './Field.tsx'
import { LoginFields } from './LoginFields.tsx'
import { HOP_PLACES, type HopDraft } from './parts/hop.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

interface Props {
  readonly form: DeploymentFormState
  readonly path: string
  readonly hop: HopDraft
  /** Part of the names that are proposed for its secrets. */
  readonly what: string
}

export function HopFields({ form, path, hop, what }: Props) {
  const { t } = useTranslation()
  const byAlias = hop.place === 'alias'
  return (
    <div className={classes.fields}>
      <Choice
        form={form}
        path={`${path}.place`}
        label={t('form.hop-place')}
        options={HOP_PLACES.map((value) => ({ value, label: t(`form.hop-place-${value}`) }))}
        hint={t(`form.hop-place-${hop.place}-hint`)}
      />
      {byAlias ? (
        <TextField
          form={form}
          path={`${path}.alias`}
          span={6}
          label={t('form.ssh-alias')}
          description={t('form.ssh-alias-hint')}
          placeholder="bastion"
          required
        />
      ) : (
        <TextField
          form={form}
          path={`${path}.host`}
          span={6}
          label={t('form.ssh-host')}
          placeholder="bastion.example.com"
          required
        />
      )}
      <NumberField
        form={form}
        path={`${path}.port`}
        span={2}
        label={t('form.port')}
        min={1}
        max={65_535}
        allowDecimal={false}
      />
      <TextField
        form={form}
        path={`${path}.user`}
        span={4}
        label={t('form.user')}
        required={!byAlias}
        {...(byAlias && { placeholder: t('form.as-configured') })}
      />
      <LoginFields form={form} path={path} hop={hop} what={what} />
    </div>
  )
}
