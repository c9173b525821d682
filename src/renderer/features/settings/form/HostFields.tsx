/** The hosts whose processor, memory and disks are watched. */
import { Checkbox, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { TextField } from './Field.tsx'
import { HopFields } from './HopFields.tsx'
import { ListFields } from './ListFields.tsx'
import { newHop } from './parts/hop.ts'
import { newHost } from './parts/host.ts'
import { ScrapeFields } from './ScrapeFields.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function HostFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { hosts, ssh } = form.getValues()
  return (
    <ListFields
      legend={t('form.hosts')}
      hint={t('form.hosts-hint')}
      nameItem={(index) => t('form.host-item', { number: index + 1 })}
      addLabel={t('form.host-add')}
      onAdd={() =>
        form.insertListItem(
          'hosts',
          newHost(hosts.length === 0 ? 'server' : '', ssh.hops.length > 0 ? 'ssh' : 'local'),
        )
      }
      onRemove={(index) => form.removeListItem('hosts', index)}
      items={hosts.map((host, index) => {
        const path = `hosts.${index}`
        return (
          <div key={path} className={classes.stack}>
            <div className={classes.fields}>
              <TextField form={form} path={`${path}.name`} span={3} label={t('form.name')} required />
              <div data-span="4">
                <Select
                  label={t('form.over')}
                  allowDeselect={false}
                  data={[
                    { value: 'local', label: t('form.over-local') },
                    { value: 'ssh', label: t('form.over-ssh') },
                    { value: 'node-exporter', label: t('form.over-node-exporter') },
                  ]}
                  {...form.getInputProps(`${path}.over`)}
                />
              </div>
              <TextField
                form={form}
                path={`${path}.disks`}
                span={4}
                label={t('form.disks')}
                placeholder="/ /var/lib"
              />
            </div>
            {host.over === 'node-exporter' && (
              <div className={classes.fields}>
                <ScrapeFields
                  form={form}
                  path={`${path}.exporter`}
                  source={host.exporter}
                  what={`${host.name || 'host'}-exporter`}
                  example="http://10.0.0.5:9100/metrics"
                />
              </div>
            )}
            {host.over === 'ssh' && (
              <Checkbox
                size="xs"
                label={t('form.further-hop')}
                checked={host.hop !== null}
                onChange={(event) =>
                  form.setFieldValue(`${path}.hop`, event.currentTarget.checked ? newHop() : null)
                }
              />
            )}
            {host.over === 'ssh' && host.hop !== null && (
              <HopFields
                form={form}
                path={`${path}.hop`}
                hop={host.hop}
                what={`${host.name || 'host'}-ssh`}
              />
            )}
          </div>
        )
      })}
    />
  )
}
