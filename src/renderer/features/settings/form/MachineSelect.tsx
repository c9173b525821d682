/** Which machine something is on: this one, the end of the SSH chain, or one of the hosts that the form has. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function MachineSelect({ form, path }: { form: DeploymentFormState; path: string }) {
  const { t } = useTranslation()
  const names = form
    .getValues()
    .hosts.filter(({ name, over }) => over !== 'node-exporter' && !['', 'local', 'ssh'].includes(name))
    .map(({ name }) => name)
  return (
    <div data-span="4">
      <Select
        label={t('form.log-over')}
        allowDeselect={false}
        data={[
          { value: 'local', label: t('form.over-local') },
          { value: 'ssh', label: t('form.over-ssh') },
          ...[...new Set(names)].map((name) => ({ value: name, label: name })),
        ]}
        {...form.getInputProps(path)}
      />
    </div>
  )
}
