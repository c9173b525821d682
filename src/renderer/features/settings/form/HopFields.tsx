/** One SSH hop: where, as whom, and with which key. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import type { HopDraft } from './draft.ts'
import { NumberField, TextField } from './Field.tsx'
import { SecretField } from './SecretField.tsx'
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
  return (
    <div className={classes.fields}>
      <TextField
        form={form}
        path={`${path}.host`}
        span={6}
        label={t('form.ssh-host')}
        placeholder="bastion.example.com"
        required
      />
      <NumberField
        form={form}
        path={`${path}.port`}
        span={2}
        label={t('form.port')}
        min={1}
        max={65_535}
        allowDecimal={false}
      />
      <TextField form={form} path={`${path}.user`} span={4} label={t('form.user')} required />
      <div data-span="6">
        <SecretField
          form={form}
          path={`${path}.key`}
          draft={hop.key}
          label={t('form.key')}
          what={`${what}-key`}
          required
          lines
        />
      </div>
      <div data-span="6">
        <SecretField
          form={form}
          path={`${path}.passphrase`}
          draft={hop.passphrase}
          label={t('form.passphrase')}
          what={`${what}-passphrase`}
        />
      </div>
    </div>
  )
}
