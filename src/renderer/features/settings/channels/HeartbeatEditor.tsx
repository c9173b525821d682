/** Adds a dead man's switch, or edits one: who listens, how often it beats, and a beat to try it. */
import { Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { HEARTBEAT_KINDS, HELD_BACK_MOST_SECONDS, Heartbeat } from '#shared/model/heartbeat.ts'
import { useApi, useKeys } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { Choice } from '../form/Choice.tsx'
import { NumberField, TextField } from '../form/Field.tsx'
import own from '../form/form.module.css'
import { SecretField } from '../form/SecretField.tsx'
import classes from '../settings.module.css'
import { AnswerText } from './ChannelAnswer.tsx'
import { EditorEnd } from './EditorEnd.tsx'
import { type HeartbeatDraft, heartbeatDraft, heartbeatOf } from './heartbeat-draft.ts'
import { useCheckedForm } from './use-checked-form.ts'

/** @param name the one that is edited; `null` for a new one */
export function HeartbeatEditor({ name }: { name: string | null }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const list = useQuery(
    useApi().heartbeats.list.queryOptions({ gcTime: 0, staleTime: Number.POSITIVE_INFINITY }),
  )
  const known = list.data?.items.find(({ heartbeat }) => heartbeat.name === name)?.heartbeat ?? null
  const face = useListFace(list, () => name !== null && known === null)
  return (
    <>
      <div className={classes.head}>
        <h1>{name === null ? t('heartbeats.add') : t('heartbeats.edit-title', { name })}</h1>
      </div>
      <ListFaces
        face={name === null ? { kind: 'full' } : face}
        rowHeight={48}
        errorTitle={t('heartbeats.failed')}
        empty={{ title: t('channels.gone-title'), text: t('channels.gone-text') }}
      >
        <HeartbeatForm initial={known} replaces={name} onDone={() => go(places.settings('channels'))} />
      </ListFaces>
    </>
  )
}

interface Props {
  readonly initial: Heartbeat | null
  readonly replaces: string | null
  readonly onDone: () => void
}

function HeartbeatForm({ initial, replaces, onDone }: Props) {
  const { t } = useTranslation()
  const keys = useKeys()
  const cache = useQueryClient()
  const api = useApi()
  const { form, element, elsewhere, prepare } = useCheckedForm<HeartbeatDraft, Heartbeat>(
    heartbeatDraft(initial),
    { schema: Heartbeat, madeOf: heartbeatOf },
  )
  const keep = useMutation(api.heartbeats.save.mutationOptions())
  const ask = useMutation(api.heartbeats.test.mutationOptions())
  const save = useMutation({
    mutationFn: async () => {
      const heartbeat = await prepare()
      return heartbeat === null ? null : keep.mutateAsync({ heartbeat, replaces })
    },
    onSuccess: async (saved) => {
      if (saved === null) return
      await cache.invalidateQueries({ queryKey: keys.heartbeats })
      onDone()
    },
  })
  const test = useMutation({
    mutationFn: async () => {
      const heartbeat = await prepare()
      return heartbeat === null ? null : ask.mutateAsync({ heartbeat })
    },
  })
  const failure = save.error ?? test.error
  const { kind } = form.getValues()
  return (
    <form
      ref={element}
      className={own.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className={classes.fields}>
        <TextField form={form} path="name" span={4} label={t('form.name')} placeholder="watch" required />
        <NumberField
          form={form}
          path="everySeconds"
          span={4}
          label={t('heartbeats.every-seconds')}
          description={t('heartbeats.every-hint')}
          min={10}
          max={kind === 'pagerduty' ? HELD_BACK_MOST_SECONDS : 3_600}
          allowDecimal={false}
          required
        />
        <Choice
          form={form}
          path="kind"
          label={t('channels.kind')}
          options={HEARTBEAT_KINDS.map((value) => ({ value, label: t(`heartbeats.kind-${value}`) }))}
          hint={t(`heartbeats.kind-${kind}-hint`)}
        />
        {kind === 'url' && (
          <>
            <div data-span="6">
              <SecretField
                form={form}
                path="url"
                draft={form.getValues().url}
                label={t('channels.webhook-url')}
                hint={t('channels.webhook-url-hint')}
                what="url"
                required
              />
            </div>
            <Choice
              form={form}
              path="method"
              label={t('heartbeats.method')}
              options={[
                { value: 'POST', label: 'POST' },
                { value: 'GET', label: 'GET' },
              ]}
            />
          </>
        )}
        {kind === 'pagerduty' && (
          <div data-span="6">
            <SecretField
              form={form}
              path="routingKey"
              draft={form.getValues().routingKey}
              label={t('channels.routing-key')}
              hint={t('channels.routing-key-hint')}
              what="routing-key"
              required
            />
          </div>
        )}
        {kind !== 'url' && (
          <TextField
            form={form}
            path="server"
            span={6}
            label={t('channels.server')}
            placeholder={
              kind === 'pagerduty' ? 'https://events.pagerduty.com' : 'http://alertmanager.internal:9093'
            }
            required={kind === 'alertmanager'}
          />
        )}
        <div data-span="12">
          <Checkbox
            size="xs"
            label={t('channels.enabled')}
            {...form.getInputProps('enabled', { type: 'checkbox' })}
          />
        </div>
      </div>
      {test.data != null && (
        <fieldset>
          <legend>{t('heartbeats.answer')}</legend>
          <AnswerText answer={test.data} />
        </fieldset>
      )}
      <EditorEnd
        isNew={replaces === null}
        isFaulty={Object.keys(form.errors).length > 0 || elsewhere.length > 0}
        elsewhere={elsewhere}
        failure={failure}
        isSaving={save.isPending}
        test={{ label: t('heartbeats.test'), isPending: test.isPending, run: () => test.mutate() }}
        onCancel={onDone}
      />
    </form>
  )
}
