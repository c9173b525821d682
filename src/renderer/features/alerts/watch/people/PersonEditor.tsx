/** Adds a person, or edits one: their name, and the channels that reach them. */
import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Person } from '#shared/model/rota.ts'
import { useApi, useConsole } from '../../../../client/console.tsx'
import { TextField } from '../../../settings/form/Field.tsx'
import grid from '../../../settings/settings.module.css'
import { Editor } from '../Editor.tsx'
import { FormFrame } from '../FormFrame.tsx'
import { useSaving } from '../use-saving.ts'

/** @param name the one that is edited; `null` for a new one */
export function PersonEditor({ name }: { name: string | null }) {
  const list = useQuery(useApi().rota.people.queryOptions({ gcTime: 0, staleTime: Number.POSITIVE_INFINITY }))
  const known = list.data?.items.find((person) => person.name === name) ?? null
  return (
    <Editor kind="person" name={name} query={list} isKnown={known !== null}>
      <Form initial={known} replaces={name} />
    </Editor>
  )
}

function Form({ initial, replaces }: { initial: Person | null; replaces: string | null }) {
  const { t } = useTranslation()
  const { client, keys } = useConsole()
  const channels = useQuery(useApi().channels.list.queryOptions())
  const saving = useSaving<Person, Person>({
    initial: initial ?? { name: '', channels: [] },
    schema: Person,
    madeOf: ({ name, channels: reached }) => ({ name: name.trim(), channels: reached }),
    save: (person) => client.rota.savePerson({ person, replaces }),
    listed: [keys.rota],
  })
  const { form } = saving
  return (
    <FormFrame saving={saving} isNew={replaces === null}>
      <div className={grid.fields}>
        <TextField form={form} path="name" span={4} label={t('watch.person')} required />
        <div data-span="8">
          <MultiSelect
            size="xs"
            label={t('watch.channels')}
            description={t('watch.channels-hint')}
            data={(channels.data?.items ?? []).map(({ channel }) => channel.name)}
            searchable
            hidePickedOptions
            {...form.getInputProps('channels')}
          />
        </div>
      </div>
    </FormFrame>
  )
}
