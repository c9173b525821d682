/** Lets somebody stand in from one moment to another. */
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi, useKeys } from '../../../../client/console.tsx'
import { useErrorText } from '../../../../client/error-text.ts'
import { Dialog } from '../../../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../../../components/dialog/DialogForm.tsx'
import { ownZone } from '../../../../components/own-zone.ts'
import { momentToType, typedIso } from '../../../../components/typed-moment.ts'

const HOUR_MS = 3_600_000

/** @param from when the shift that is now ends: what is proposed to begin with */
export function StandIn({ rota, from }: { rota: string; from: string | null }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        onClick={() => setIsOpen(true)}
        aria-label={t('watch.stand-in-for', { name: rota })}
      >
        {t('watch.stand-in')}
      </Button>
      <Dialog
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title={t('watch.stand-in-for', { name: rota })}
      >
        {isOpen && <Form rota={rota} from={from} onDone={() => setIsOpen(false)} />}
      </Dialog>
    </>
  )
}

interface Props {
  readonly rota: string
  readonly from: string | null
  readonly onDone: () => void
}

function Form({ rota, from, onDone }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const api = useApi()
  const keys = useKeys()
  const cache = useQueryClient()
  const people = useQuery(api.rota.people.queryOptions())
  const [begin] = useState(() => Date.now())
  const [draft, setDraft] = useState({
    person: '',
    from: momentToType(begin),
    to: momentToType(from === null ? begin + 12 * HOUR_MS : Date.parse(from)),
    note: '',
  })
  const names = people.data?.items.map(({ name }) => name) ?? []
  const person = draft.person === '' ? (names[0] ?? '') : draft.person
  const add = useMutation(
    api.rota.override.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: keys.rota })
        onDone()
      },
    }),
  )
  function submit() {
    const note = draft.note.trim() === '' ? null : draft.note.trim()
    const [from, to] = [draft.from, draft.to].map((text) => typedIso(text, Date.now(), 'future'))
    add.mutate({ name: rota, person, from: from ?? '', to: to ?? '', note })
  }
  const field = (key: 'from' | 'to' | 'note') => ({
    value: draft[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setDraft((before) => ({ ...before, [key]: value }))
    },
  })
  return (
    <DialogForm
      submit={t('watch.stand-in')}
      isReady={person !== ''}
      isBusy={add.isPending}
      error={add.isError ? errorText(add.error) : null}
      onSubmit={submit}
      onClose={onDone}
    >
      <NativeSelect
        size="xs"
        label={t('watch.person')}
        data={names}
        value={person}
        onChange={(event) => {
          const { value } = event.currentTarget
          setDraft((before) => ({ ...before, person: value }))
        }}
        data-autofocus
      />
      <TextInput
        label={t('watch.from')}
        description={t('watch.by-your-clock', { zone: ownZone() })}
        {...field('from')}
      />
      <TextInput label={t('watch.to')} {...field('to')} />
      <TextInput label={t('watch.note')} {...field('note')} />
    </DialogForm>
  )
}
