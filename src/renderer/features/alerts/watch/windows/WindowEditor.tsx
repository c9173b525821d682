/** Adds a maintenance window, or edits one; what it would come to is shown before it is saved. */
import { Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { MaintenanceWindow } from '#shared/model/window.ts'
import { useApi, useKeys } from '../../../../client/console.tsx'
import { ownZone } from '../../../../components/own-zone.ts'
import { places } from '../../../../places.ts'
import { EditorEnd } from '../../../settings/channels/EditorEnd.tsx'
import { useCheckedForm } from '../../../settings/channels/use-checked-form.ts'
import { TextField } from '../../../settings/form/Field.tsx'
import formClasses from '../../../settings/form/form.module.css'
import grid from '../../../settings/settings.module.css'
import { Editor } from '../Editor.tsx'
import { MatcherFields } from '../MatcherFields.tsx'
import { Preview } from './Preview.tsx'
import { ScheduleFields } from './ScheduleFields.tsx'
import { type WindowDraft, windowDraft, windowOf } from './window-draft.ts'

/** @param name the one that is edited; `null` for a new one */
export function WindowEditor({ name }: { name: string | null }) {
  const list = useQuery(
    useApi().windows.list.queryOptions({ gcTime: 0, staleTime: Number.POSITIVE_INFINITY }),
  )
  const known = list.data?.items.find(({ window }) => window.name === name)?.window ?? null
  return (
    <Editor kind="window" name={name} query={list} isKnown={known !== null}>
      <Form initial={known} replaces={name} />
    </Editor>
  )
}

function Form({ initial, replaces }: { initial: MaintenanceWindow | null; replaces: string | null }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const api = useApi()
  const keys = useKeys()
  const cache = useQueryClient()
  const { form, element, elsewhere, prepare } = useCheckedForm<WindowDraft, MaintenanceWindow>(
    windowDraft(initial, ownZone(), Date.now()),
    { schema: MaintenanceWindow, madeOf: windowOf },
  )
  const done = () => go(places.alerts('watch'))
  const keep = useMutation(api.windows.save.mutationOptions())
  const ask = useMutation(api.windows.preview.mutationOptions())
  const save = useMutation({
    mutationFn: async () => {
      const window = await prepare()
      return window === null ? null : keep.mutateAsync({ window, replaces })
    },
    onSuccess: async (saved) => {
      if (saved === null) return
      await Promise.all(
        [keys.windows, keys.silences].map((queryKey) => cache.invalidateQueries({ queryKey })),
      )
      done()
    },
  })
  const preview = useMutation({
    mutationFn: async () => {
      const window = await prepare()
      return window === null
        ? null
        : ask.mutateAsync({ schedule: window.schedule, matchers: window.matchers })
    },
  })
  return (
    <form
      ref={element}
      className={formClasses.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className={grid.fields}>
        <TextField form={form} path="name" span={4} label={t('form.name')} placeholder="patches" required />
        <TextField form={form} path="note" span={8} label={t('watch.note')} />
        <MatcherFields form={form} />
        <ScheduleFields form={form} />
        <div data-span="12">
          <Checkbox
            size="xs"
            label={t('watch.enabled')}
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
        </div>
      </div>
      {preview.data != null && (
        <fieldset>
          <legend>{t('watch.preview')}</legend>
          <Preview seen={preview.data} zone={form.getValues().schedule.zone} />
        </fieldset>
      )}
      <EditorEnd
        isNew={replaces === null}
        isFaulty={Object.keys(form.errors).length > 0 || elsewhere.length > 0}
        elsewhere={elsewhere}
        failure={save.error ?? preview.error}
        isSaving={save.isPending}
        test={{ label: t('watch.show-preview'), isPending: preview.isPending, run: () => preview.mutate() }}
        onCancel={done}
      />
    </form>
  )
}
