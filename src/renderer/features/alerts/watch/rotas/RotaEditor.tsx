/** Adds a rota, or edits one: who takes the watch in which order, and when it is handed over. */
import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Rota } from '#shared/model/rota.ts'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { ownZone } from '../../../../components/own-zone.ts'
import { dateToType } from '../../../../components/typed-moment.ts'
import { NumberField, TextField } from '../../../settings/form/Field.tsx'
import grid from '../../../settings/settings.module.css'
import { Editor } from '../Editor.tsx'
import { FormFrame } from '../FormFrame.tsx'
import { useSaving } from '../use-saving.ts'
import { ZoneField } from '../ZoneField.tsx'

/** @param name the one that is edited; `null` for a new one */
export function RotaEditor({ name }: { name: string | null }) {
  const list = useQuery(useApi().rota.list.queryOptions({ gcTime: 0, staleTime: Number.POSITIVE_INFINITY }))
  const known = list.data?.items.find(({ rota }) => rota.name === name)?.rota ?? null
  return (
    <Editor kind="rota" name={name} query={list} isKnown={known !== null}>
      <Form initial={known} replaces={name} />
    </Editor>
  )
}

type Draft = Omit<Rota, 'shiftDays'> & { shiftDays: number | string }

function Form({ initial, replaces }: { initial: Rota | null; replaces: string | null }) {
  const { t } = useTranslation()
  const { client, keys } = useConsole()
  const people = useQuery(useApi().rota.people.queryOptions())
  const today = dateToType(Date.now())
  const saving = useSaving<Draft, Rota>({
    initial: initial ?? {
      ...{ name: '', people: [], startsOn: today, time: '09:00', zone: ownZone(), shiftDays: 7 },
    },
    schema: Rota,
    madeOf: (draft) => ({ ...draft, name: draft.name.trim() }),
    save: (rota) => client.rota.save({ rota, replaces }),
    listed: [keys.rota],
  })
  const { form } = saving
  return (
    <FormFrame saving={saving} isNew={replaces === null}>
      <div className={grid.fields}>
        <TextField form={form} path="name" span={4} label={t('form.name')} placeholder="primary" required />
        <div data-span="8">
          <MultiSelect
            size="xs"
            label={t('watch.order')}
            description={t('watch.order-hint')}
            data={(people.data?.items ?? []).map((person) => person.name)}
            searchable
            hidePickedOptions
            required
            {...form.getInputProps('people')}
          />
        </div>
        <TextField
          form={form}
          path="startsOn"
          span={3}
          type="date"
          label={t('watch.starts-on')}
          description={t('watch.starts-on-hint')}
          required
        />
        <TextField
          form={form}
          path="time"
          span={3}
          type="time"
          label={t('watch.hand-over-at')}
          description={t('watch.hand-over-hint')}
          required
        />
        <NumberField
          form={form}
          path="shiftDays"
          span={2}
          label={t('watch.shift-days')}
          description={t('watch.shift-days-hint')}
          min={1}
          max={90}
          allowDecimal={false}
          required
        />
        <ZoneField form={form} path="zone" />
      </div>
    </FormFrame>
  )
}
