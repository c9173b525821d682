/** What is backed up, where to, when, and how long it is kept. */
import { Autocomplete, Checkbox } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BackupCompression, BackupFormat, BackupRun } from '#shared/model/profile/backups.ts'
import { useFleet } from '../../../client/live.ts'
import { ownZone } from '../../../components/own-zone.ts'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { ClockFields } from './ClockFields.tsx'
import { NumberField, TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import { LinesField } from './LinesField.tsx'
import { ListFields } from './ListFields.tsx'
import { type BackupsDraft, newBackups } from './parts/backups.ts'
import { linesOf } from './parts/lines.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function BackupFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { backups } = form.getValues()
  const { data: fleet } = useFleet()
  const deployments = useMemo(() => fleet?.rows.map(({ name }) => name).sort() ?? [], [fleet])
  return (
    <ListFields
      legend={t('backups.title')}
      hint={t('form.backups-hint')}
      nameItem={() => 'PostgreSQL'}
      addLabel={t('form.backups-add')}
      atMost={1}
      onAdd={() => form.insertListItem('backups', newBackups(ownZone()))}
      onRemove={(index) => form.removeListItem('backups', index)}
      items={backups.map((draft, index) => {
        const path = `backups.${index}`
        const field = (name: string) => `${path}.${name}`
        const chosen = linesOf(`${draft.schemas}\n${draft.tables}`)
        return (
          <div key={path} className={classes.stack}>
            <div className={classes.fields}>
              <TextField
                form={form}
                path={field('directory')}
                span={6}
                label={t('form.backups-directory')}
                description={t('form.backups-directory-hint')}
                placeholder="/var/backups/vakhta"
                required
              />
              <NumberField
                form={form}
                path={field('recoveryPointHours')}
                span={6}
                label={t('form.recovery-point')}
                description={t('form.recovery-point-hint')}
                min={1}
                max={2_160}
              />
              <LinesField
                form={form}
                path={field('databases')}
                label={t('form.databases')}
                hint={t('form.databases-hint')}
              />
              <div data-span="6">
                <Checkbox
                  size="xs"
                  label={t('form.backup-roles')}
                  description={t('form.backup-roles-hint')}
                  {...form.getInputProps(field('roles'), { type: 'checkbox' })}
                />
              </div>
            </div>
            <ClockFields
              form={form}
              path={field('schedule')}
              clock={draft.schedule}
              label={t('form.backup-schedule')}
            />
            <ClockFields
              form={form}
              path={field('drills')}
              clock={draft.drills}
              label={t('form.drill-schedule')}
            />
            <div className={classes.fields}>
              <div data-span="12">
                <Autocomplete
                  label={t('form.drills-on')}
                  description={t('form.drills-on-hint')}
                  placeholder={t('form.drills-here')}
                  data={deployments}
                  limit={20}
                  spellCheck={false}
                  {...form.getInputProps(field('drillsOn'))}
                />
              </div>
              <NumberField
                form={form}
                path={field('keepLast')}
                span={6}
                label={t('form.keep-last')}
                description={t('form.keep-hint')}
                min={1}
                allowDecimal={false}
              />
              <NumberField
                form={form}
                path={field('keepDays')}
                span={6}
                label={t('form.keep-days')}
                min={1}
                allowDecimal={false}
              />
            </div>
            <Fold
              form={form}
              title={t('form.backup-partial')}
              summary={chosen.join(', ') || t('form.backup-everything')}
              paths={[field('schemas'), field('tables')]}
            >
              <div className={classes.fields}>
                <LinesField
                  form={form}
                  path={field('schemas')}
                  label={t('form.schemas')}
                  hint={t('form.schemas-hint')}
                />
                <LinesField
                  form={form}
                  path={field('tables')}
                  label={t('form.tables')}
                  hint={t('form.tables-hint')}
                />
              </div>
            </Fold>
            <RunFields form={form} path={path} draft={draft} />
            <Fold
              form={form}
              title={t('form.backup-more')}
              summary={linesOf(draft.recipients).join(', ') || t('form.backup-own-keys')}
              paths={[field('recipients'), field('lockWaitSeconds'), field('mostHeldMinutes')]}
            >
              <div className={classes.fields}>
                <LinesField
                  form={form}
                  path={field('recipients')}
                  label={t('form.recipients')}
                  hint={t('form.recipients-hint')}
                  span={12}
                />
                <NumberField
                  form={form}
                  path={field('lockWaitSeconds')}
                  span={6}
                  label={t('form.lock-wait')}
                  placeholder="30"
                  min={1}
                />
                <NumberField
                  form={form}
                  path={field('mostHeldMinutes')}
                  span={6}
                  label={t('form.most-held')}
                  description={t('form.most-held-hint')}
                  placeholder="240"
                  min={1}
                />
              </div>
            </Fold>
          </div>
        )
      })}
    />
  )
}

interface RunFieldsProps {
  readonly form: DeploymentFormState
  readonly path: string
  readonly draft: BackupsDraft
}

/** Where PostgreSQL's programs run, and how they compress: what is found by itself, unless it has to be said. */
function RunFields({ form, path, draft }: RunFieldsProps) {
  const { run, container, compression, format } = draft
  const { t } = useTranslation()
  const field = (name: string) => `${path}.${name}`
  const isLevelled = compression.method === 'zstd' || compression.method === 'gzip'
  return (
    <Fold
      form={form}
      title={t('form.backup-run')}
      summary={[
        container.trim() || t(`form.backup-run-${run}`),
        t(`form.backup-format-${format}`),
        t(`form.compression-${compression.method}`),
      ].join(', ')}
      paths={[field('run'), field('container'), field('format'), field('staging'), field('compression')]}
    >
      <div className={classes.fields}>
        <Choice
          form={form}
          path={field('run')}
          label={t('form.backup-run-on')}
          options={BackupRun.options.map((value) => ({ value, label: t(`form.backup-run-${value}`) }))}
          hint={t(`form.backup-run-${run}-hint`)}
        />
        {(run === 'container' || container !== '') && (
          <TextField
            form={form}
            path={field('container')}
            span={6}
            label={t('form.backup-container')}
            description={t('form.backup-container-hint')}
            placeholder="shop-postgres-1"
          />
        )}
        <StagingFields form={form} path={path} draft={draft} />
        <Choice
          form={form}
          path={field('compression.method')}
          label={t('form.compression')}
          options={BackupCompression.shape.method.options.map((value) => ({
            value,
            label: t(`form.compression-${value}`),
          }))}
          hint={t(`form.compression-${compression.method}-hint`)}
        />
        {(isLevelled || compression.level !== '') && (
          <NumberField
            form={form}
            path={field('compression.level')}
            span={6}
            label={t('form.compression-level')}
            description={t('form.compression-level-hint')}
            min={1}
            max={compression.method === 'gzip' ? 9 : 22}
            allowDecimal={false}
          />
        )}
      </div>
    </Fold>
  )
}

/** What `pg_dump` writes, and what several sessions at once take. */
function StagingFields({ form, path, draft: { format, staging } }: RunFieldsProps) {
  const { t } = useTranslation()
  const field = (name: string) => `${path}.${name}`
  const isStaged = format === 'directory' || staging.isAllowed
  return (
    <>
      <Choice
        form={form}
        path={field('format')}
        label={t('form.backup-format')}
        options={BackupFormat.options.map((value) => ({ value, label: t(`form.backup-format-${value}`) }))}
        hint={t(`form.backup-format-${format}-hint`)}
      />
      {format === 'custom' && (
        <div data-span="12">
          <Checkbox
            size="xs"
            label={t('form.backup-staging')}
            description={t('form.backup-staging-hint')}
            {...form.getInputProps(field('staging.isAllowed'), { type: 'checkbox' })}
          />
        </div>
      )}
      {isStaged && (
        <>
          <NumberField
            form={form}
            path={field('staging.jobs')}
            span={6}
            label={t('form.backup-jobs')}
            description={t('form.backup-jobs-hint')}
            placeholder="2"
            min={1}
            max={32}
            allowDecimal={false}
          />
          <TextField
            form={form}
            path={field('staging.directory')}
            span={6}
            label={t('form.backup-staging-directory')}
            description={t('form.backup-staging-directory-hint')}
            placeholder="/var/tmp/vakhta"
          />
        </>
      )}
    </>
  )
}
