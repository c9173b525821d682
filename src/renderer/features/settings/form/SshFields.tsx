/** The chain of SSH hops on the way to a deployment, in the order in which they are passed. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import { HopFields } from './HopFields.tsx'
import { ListFields } from './ListFields.tsx'
import { newHop } from './parts/hop.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

const MOST_HOPS = 8

export function SshFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { hops, knownHosts, config } = form.getValues().ssh
  const said = [config, knownHosts].filter((file) => file !== '').join(' · ')
  return (
    <ListFields
      legend={t('form.ssh')}
      hint={t('form.ssh-hint')}
      nameItem={(index) => t('form.ssh-item', { number: index + 1 })}
      items={hops.map((hop, index) => {
        const path = `ssh.hops.${index}`
        return <HopFields key={path} form={form} path={path} hop={hop} what={`ssh-${index + 1}`} />
      })}
      addLabel={t('form.ssh-add')}
      atMost={MOST_HOPS}
      onAdd={() => form.insertListItem('ssh.hops', newHop())}
      onRemove={(index) => form.removeListItem('ssh.hops', index)}
      onMove={(from, to) => form.reorderListItem('ssh.hops', { from, to })}
    >
      {hops.length > 0 && (
        <Fold
          form={form}
          title={t('form.ssh-files')}
          summary={said || t('form.ssh-files-usual')}
          paths={['ssh.knownHosts', 'ssh.config']}
        >
          <div className={classes.fields}>
            <TextField
              form={form}
              path="ssh.knownHosts"
              span={6}
              label={t('form.known-hosts')}
              description={t('form.known-hosts-hint')}
              placeholder="~/.ssh/known_hosts.work"
            />
            <TextField
              form={form}
              path="ssh.config"
              span={6}
              label={t('form.ssh-config')}
              description={t('form.ssh-config-hint')}
              placeholder="~/.ssh/config"
            />
          </div>
        </Fold>
      )}
    </ListFields>
  )
}
