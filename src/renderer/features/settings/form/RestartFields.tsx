/** How a service is restarted from here, and on which machine. */
import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { NumberField, TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import { LinesField } from './LinesField.tsx'
import { MachineSelect } from './MachineSelect.tsx'
import { linesOf } from './parts/lines.ts'
import { RESTART_CHOICES, type RestartDraft } from './parts/restart.ts'
import type { ServicePartProps } from './ServiceFields.tsx'

/** As the console has it where nothing is said. */
const WITHIN_SECONDS = 120

export function RestartFields({ form, path, service: { restart } }: ServicePartProps) {
  const { t } = useTranslation()
  const place = `${path}.restart`
  return (
    <Fold
      form={form}
      title={t('form.restart')}
      summary={saidOf(restart) || t(`form.restart-${restart.way}`)}
      paths={[place]}
    >
      <div className={classes.fields}>
        <Choice
          form={form}
          path={`${place}.way`}
          label={t('form.restart-way')}
          options={RESTART_CHOICES.map((way) => ({ value: way, label: t(`form.restart-${way}`) }))}
          hint={t(`form.restart-${restart.way}-hint`)}
        />
        {restart.way !== 'none' && (
          <>
            <MachineSelect form={form} path={`${place}.over`} />
            <NumberField
              form={form}
              path={`${place}.withinSeconds`}
              span={6}
              label={t('form.restart-within')}
              description={t('form.restart-within-hint')}
              placeholder={String(WITHIN_SECONDS)}
              min={5}
              max={3_600}
              allowDecimal={false}
            />
          </>
        )}
        <WayFields form={form} path={place} way={restart.way} />
      </div>
    </Fold>
  )
}

/** In a few words, without having to open it. */
function saidOf({ way, compose, unit, command }: RestartDraft): string {
  switch (way) {
    case 'none':
      return ''
    case 'compose':
      return compose.service.trim()
    case 'unit':
      return unit.trim()
    case 'command':
      return linesOf(command).join(' ')
  }
}

function WayFields({
  form,
  path,
  way,
}: Pick<ServicePartProps, 'form' | 'path'> & { readonly way: RestartDraft['way'] }) {
  const { t } = useTranslation()
  switch (way) {
    case 'none':
      return null
    case 'compose':
      return (
        <>
          <TextField
            form={form}
            path={`${path}.compose.directory`}
            span={6}
            label={t('form.restart-compose-directory')}
            placeholder="/srv/shop"
            required
          />
          <TextField
            form={form}
            path={`${path}.compose.service`}
            span={6}
            label={t('form.log-service')}
            placeholder="api"
            required
          />
        </>
      )
    case 'unit':
      return (
        <>
          <TextField
            form={form}
            path={`${path}.unit`}
            span={6}
            label={t('form.log-unit')}
            placeholder="api.service"
            required
          />
          <div data-span="6">
            <Checkbox
              size="xs"
              label={t('form.restart-user')}
              description={t('form.restart-user-hint')}
              {...form.getInputProps(`${path}.user`, { type: 'checkbox' })}
            />
          </div>
        </>
      )
    case 'command':
      return (
        <>
          <LinesField
            form={form}
            path={`${path}.command`}
            label={t('form.restart-command-line')}
            hint={t('form.restart-command-line-hint')}
            placeholder={'./deploy/restart.sh\napi'}
            required
          />
          <LinesField
            form={form}
            path={`${path}.identity`}
            label={t('form.restart-identity')}
            hint={t('form.restart-identity-hint')}
            placeholder={'cat\n/run/api.pid'}
          />
          <TextField
            form={form}
            path={`${path}.directory`}
            span={6}
            label={t('form.restart-directory')}
            placeholder="/srv/shop"
          />
        </>
      )
  }
}
