/** What each kind of channel needs. */
import { Checkbox } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Choice } from '../form/Choice.tsx'
import { NumberField, TextField } from '../form/Field.tsx'
import own from '../form/form.module.css'
import { SecretField } from '../form/SecretField.tsx'
import classes from '../settings.module.css'
import { BrowserNotes } from './BrowserNotes.tsx'
import type { ChannelDraft } from './draft.ts'
import { WayFields } from './WayFields.tsx'

interface Props {
  readonly form: UseFormReturnType<ChannelDraft>
}

const SERVERS = {
  ntfy: 'https://ntfy.sh',
  telegram: 'https://api.telegram.org',
  pagerduty: 'https://events.pagerduty.com',
  opsgenie: 'https://api.opsgenie.com',
  alertmanager: 'http://alertmanager.internal:9093',
} as const

export function KindFields({ form }: Props) {
  const { t } = useTranslation()
  const { kind } = form.getValues()
  if (kind === 'desktop') {
    return (
      <>
        <p className={own.hint}>{t('channels.desktop-text')}</p>
        <BrowserNotes />
      </>
    )
  }
  return (
    <>
      <div className={classes.fields}>
        <Own form={form} />
      </div>
      <WayFields form={form} />
    </>
  )
}

function Own({ form }: Props) {
  const { t } = useTranslation()
  const { kind } = form.getValues()
  switch (kind) {
    case 'email':
      return <EmailFields form={form} />
    case 'slack':
      return (
        <Secret form={form} field="url" label={t('channels.slack-url')} hint={t('channels.slack-url-hint')} />
      )
    case 'webhook':
      return (
        <>
          <Secret
            form={form}
            field="url"
            label={t('channels.webhook-url')}
            hint={t('channels.webhook-url-hint')}
          />
          <Secret
            form={form}
            field="signingSecret"
            label={t('channels.signing-secret')}
            hint={t('channels.signing-secret-hint')}
            isOptional
          />
        </>
      )
    case 'ntfy':
      return (
        <>
          <Server form={form} kind={kind} />
          <Secret form={form} field="topic" label={t('channels.topic')} hint={t('channels.topic-hint')} />
          <Secret form={form} field="token" label={t('channels.token')} isOptional />
        </>
      )
    case 'telegram':
      return (
        <>
          <Secret
            form={form}
            field="token"
            label={t('channels.bot-token')}
            hint={t('channels.bot-token-hint')}
          />
          <Chat form={form} />
          <Server form={form} kind={kind} />
        </>
      )
    case 'pagerduty':
      return (
        <>
          <Secret
            form={form}
            field="routingKey"
            label={t('channels.routing-key')}
            hint={t('channels.routing-key-hint')}
          />
          <Server form={form} kind={kind} />
        </>
      )
    case 'opsgenie':
      return (
        <>
          <Secret form={form} field="apiKey" label={t('channels.api-key')} />
          <Server form={form} kind={kind} />
        </>
      )
    case 'alertmanager':
      return (
        <>
          <Server form={form} kind={kind} />
          <div data-span="12">
            <Checkbox
              size="xs"
              label={t('channels.mirror-silences')}
              description={t('channels.mirror-silences-hint')}
              {...form.getInputProps('mirrorSilences', { type: 'checkbox' })}
            />
          </div>
        </>
      )
    case 'desktop':
      return null
  }
}

interface SecretProps extends Props {
  readonly field: 'url' | 'signingSecret' | 'topic' | 'token' | 'routingKey' | 'apiKey' | 'password'
  readonly label: string
  readonly hint?: string
  readonly isOptional?: boolean
}

/** What its values are called in the vault: `oncall-chat-url`. */
const WHATS = {
  url: 'url',
  signingSecret: 'signing-secret',
  topic: 'topic',
  token: 'token',
  routingKey: 'routing-key',
  apiKey: 'api-key',
  password: 'password',
} as const

function Secret({ form, field, label, hint, isOptional = false }: SecretProps) {
  return (
    <div data-span="6">
      <SecretField
        form={form}
        path={field}
        draft={form.getValues()[field]}
        label={label}
        what={WHATS[field]}
        required={!isOptional}
        {...(hint === undefined ? {} : { hint })}
      />
    </div>
  )
}

function Server({ form, kind }: Props & { kind: keyof typeof SERVERS }) {
  const { t } = useTranslation()
  return (
    <TextField
      form={form}
      path="server"
      span={6}
      label={t('channels.server')}
      placeholder={SERVERS[kind]}
      required={kind === 'alertmanager'}
    />
  )
}

function Chat({ form }: Props) {
  const { t } = useTranslation()
  return (
    <TextField
      form={form}
      path="chat"
      span={6}
      label={t('channels.chat')}
      description={t('channels.chat-hint')}
      placeholder="-1001234567890"
      required
    />
  )
}

const ENCRYPTIONS = ['starttls', 'tls', 'none'] as const

function EmailFields({ form }: Props) {
  const { t } = useTranslation()
  const { encryption } = form.getValues()
  return (
    <>
      <TextField
        form={form}
        path="host"
        span={8}
        label={t('channels.mail-host')}
        placeholder="smtp.example.com"
        required
      />
      <NumberField
        form={form}
        path="port"
        span={4}
        label={t('channels.port')}
        min={1}
        max={65_535}
        required
      />
      <Choice
        form={form}
        path="encryption"
        label={t('channels.encryption')}
        options={ENCRYPTIONS.map((value) => ({ value, label: t(`channels.encryption-${value}`) }))}
        hint={t(`channels.encryption-${encryption}-hint`)}
      />
      <TextField form={form} path="user" span={6} label={t('form.user')} placeholder={t('form.optional')} />
      <Secret form={form} field="password" label={t('form.password')} isOptional />
      <TextField
        form={form}
        path="from"
        span={6}
        label={t('channels.from')}
        placeholder="vakhta@example.com"
        required
      />
      <TextField
        form={form}
        path="to"
        span={6}
        label={t('channels.to')}
        description={t('channels.to-hint')}
        placeholder="oncall@example.com"
        required
      />
    </>
  )
}
