/** The ways to log in to an SSH hop, each with its fields; they are tried in this order. */
import { Checkbox, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TextField } from './Field.tsx'
import { type HopDraft, hasCertificate, LOGIN_WAYS } from './parts/hop.ts'
import { SecretField } from './SecretField.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

interface Props {
  readonly form: DeploymentFormState
  readonly path: string
  readonly hop: HopDraft
  readonly what: string
}

export function LoginFields({ form, path, hop, what }: Props) {
  const { t } = useTranslation()
  const { ways } = hop
  const secret = (field: 'key' | 'passphrase' | 'certificate' | 'password', required = false) => (
    <div data-span="4">
      <SecretField
        form={form}
        path={`${path}.${field}`}
        draft={hop[field]}
        label={t(`form.${field === 'password' ? 'ssh-password' : field}`)}
        what={`${what}-${field}`}
        required={required}
        lines={field === 'key' || field === 'certificate'}
      />
    </div>
  )
  const chosen = form.getInputProps(`${path}.ways`)
  return (
    <>
      <div data-span="12">
        <Checkbox.Group
          size="xs"
          label={t('form.login')}
          {...chosen}
          description={
            hop.place === 'alias' && ways.length === 0
              ? t('form.login-as-configured')
              : ways.includes('interactive')
                ? t('form.login-interactive-hint')
                : undefined
          }
        >
          <Group gap={18} mt={6} mb={4}>
            {LOGIN_WAYS.map((way) => (
              <Checkbox key={way} size="xs" value={way} label={t(`form.login-${way}`)} />
            ))}
          </Group>
        </Checkbox.Group>
      </div>
      {ways.includes('key') && secret('key', true)}
      {ways.includes('key') && secret('passphrase')}
      {hasCertificate(hop) && secret('certificate')}
      {ways.includes('agent') && (
        <TextField
          form={form}
          path={`${path}.agent`}
          span={4}
          label={t('form.agent')}
          description={t('form.agent-hint')}
          placeholder="SSH_AUTH_SOCK"
        />
      )}
      {ways.includes('password') && secret('password', true)}
    </>
  )
}
