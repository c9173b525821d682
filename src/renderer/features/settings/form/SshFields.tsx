/** The chain of SSH hops on the way to a deployment, in the order in which they are passed. */
import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { newHop } from './draft.ts'
import { HopFields } from './HopFields.tsx'
import { ListFields } from './ListFields.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

const MOST_HOPS = 8

export function SshFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { hops } = form.getValues()
  return (
    <>
      <ListFields
        legend={t('form.ssh')}
        hint={t('form.ssh-hint')}
        nameItem={(index) => t('form.ssh-item', { number: index + 1 })}
        items={hops.map((hop, index) => {
          const path = `hops.${index}`
          return <HopFields key={path} form={form} path={path} hop={hop} what={`ssh-${index + 1}`} />
        })}
        addLabel={t('form.ssh-add')}
        atMost={MOST_HOPS}
        onAdd={() => form.insertListItem('hops', newHop())}
        onRemove={(index) => form.removeListItem('hops', index)}
        onMove={(from, to) => form.reorderListItem('hops', { from, to })}
      />
      {hops.length > 0 && (
        <TextInput
          label={t('form.known-hosts')}
          description={t('form.known-hosts-hint')}
          placeholder="~/.ssh/known_hosts.work"
          autoComplete="off"
          {...form.getInputProps('knownHosts')}
        />
      )}
    </>
  )
}
