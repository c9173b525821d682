/** One SSH hop: where, as whom, and with which key. */
import { NumberInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import type { HopDraft } from './draft.ts'
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
      <div data-span="6">
        <TextInput
          label={t('form.ssh-host')}
          placeholder="bastion.example.com"
          required
          autoComplete="off"
          {...form.getInputProps(`${path}.host`)}
        />
      </div>
      <div data-span="2">
        <NumberInput
          label={t('form.port')}
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          {...form.getInputProps(`${path}.port`)}
        />
      </div>
      <div data-span="4">
        <TextInput
          label={t('form.user')}
          required
          autoComplete="off"
          {...form.getInputProps(`${path}.user`)}
        />
      </div>
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
