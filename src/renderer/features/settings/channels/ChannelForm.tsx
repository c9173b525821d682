/** The form of a channel: what it is, what its kind needs, "send a test" with the answer, and saving. */
import { Checkbox, Select } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LANGUAGES } from '#shared/locales/languages.ts'
import { CHANNEL_KINDS, Channel } from '#shared/model/channel.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { Choice } from '../form/Choice.tsx'
import { TextField } from '../form/Field.tsx'
import own from '../form/form.module.css'
import classes from '../settings.module.css'
import { ChannelAnswer } from './ChannelAnswer.tsx'
import { type ChannelDraft, channelDraft, channelOf, placeInForm } from './draft.ts'
import { EditorEnd } from './EditorEnd.tsx'
import { KindFields } from './KindFields.tsx'
import { useCheckedForm } from './use-checked-form.ts'

interface Props {
  /** `null` for a new one. */
  readonly initial: Channel | null
  readonly replaces: string | null
  readonly onSaved: () => void
  readonly onCancel: () => void
}

export function ChannelForm({ initial, replaces, onSaved, onCancel }: Props) {
  const { t, i18n } = useTranslation()
  const keys = useKeys()
  const cache = useQueryClient()
  const zones = useId()
  const language = LANGUAGES.find((one) => i18n.language.startsWith(one)) ?? 'en'
  const { form, element, elsewhere, prepare } = useCheckedForm<ChannelDraft, Channel>(
    channelDraft(initial, language),
    { schema: Channel, madeOf: channelOf, placeInForm },
  )
  const api = useApi()
  const keep = useMutation(api.channels.save.mutationOptions())
  const ask = useMutation(api.channels.test.mutationOptions())
  const save = useMutation({
    mutationFn: async () => {
      const channel = await prepare()
      return channel === null ? null : keep.mutateAsync({ channel, replaces })
    },
    onSuccess: async (saved) => {
      if (saved === null) return
      await cache.invalidateQueries({ queryKey: keys.channels })
      onSaved()
    },
  })
  const test = useMutation({
    mutationFn: async () => {
      const channel = await prepare()
      return channel === null ? null : ask.mutateAsync({ channel })
    },
  })
  const faulty = Object.keys(form.errors).length > 0 || elsewhere.length > 0
  const failure = save.error ?? test.error
  const { kind } = form.getValues()

  return (
    <form
      ref={element}
      className={own.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        test.reset()
        save.mutate()
      }}
    >
      <div className={classes.fields}>
        <TextField
          form={form}
          path="name"
          span={4}
          label={t('form.name')}
          placeholder={kind}
          description={t('channels.name-hint')}
          required
        />
        <div data-span="4">
          <Select
            label={t('channels.kind')}
            description={t(`channels.kind-${kind}-hint`)}
            allowDeselect={false}
            data={CHANNEL_KINDS.map((value) => ({ value, label: t(`channels.kind-${value}`) }))}
            {...form.getInputProps('kind')}
          />
        </div>
      </div>
      <fieldset>
        <legend>{t(`channels.kind-${kind}`)}</legend>
        <KindFields form={form} />
      </fieldset>
      <fieldset>
        <legend>{t('channels.messages')}</legend>
        <div className={classes.fields}>
          <Choice
            form={form}
            path="language"
            label={t('channels.language')}
            options={LANGUAGES.map((value) => ({ value, label: t(`language.${value}`) }))}
          />
          <TextField
            form={form}
            path="timeZone"
            span={4}
            label={t('channels.time-zone')}
            description={t('channels.time-zone-hint')}
            placeholder="Europe/Berlin"
            list={zones}
          />
          <datalist id={zones}>
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <div data-span="12">
            <Checkbox
              size="xs"
              label={t('channels.everything')}
              description={t('channels.everything-hint')}
              {...form.getInputProps('everything', { type: 'checkbox' })}
            />
          </div>
          <div data-span="12">
            <Checkbox
              size="xs"
              label={t('channels.enabled')}
              {...form.getInputProps('enabled', { type: 'checkbox' })}
            />
          </div>
        </div>
      </fieldset>
      {test.data != null && (
        <fieldset>
          <legend>{t('channels.answer')}</legend>
          <ChannelAnswer answer={test.data.answer} sent={test.data.sent} />
        </fieldset>
      )}
      <EditorEnd
        isNew={replaces === null}
        isFaulty={faulty}
        elsewhere={elsewhere}
        failure={failure}
        isSaving={save.isPending}
        test={{ label: t('channels.test'), isPending: test.isPending, run: () => test.mutate() }}
        onCancel={onCancel}
      />
    </form>
  )
}
