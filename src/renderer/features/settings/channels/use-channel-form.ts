/** The state of a channel's form: fields, faults at their fields, and what was typed for the vault. */
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { profileIssueText } from '#shared/locales/translate.ts'
import { Channel } from '#shared/model/channel.ts'
import { issuesIn } from '#shared/model/profile/issues.ts'
import { useConsole } from '../../../client/console.tsx'
import { isSecretDraft } from '../form/parts/secret.ts'
import { typedSecrets } from '../form/secrets-of.ts'
import { type ChannelDraft, channelOf } from './draft.ts'

export type ChannelFormState = UseFormReturnType<ChannelDraft>

export interface ChannelForm {
  readonly form: ChannelFormState
  /** Faults that belong to no field. */
  readonly elsewhere: readonly string[]
  /** How often faults were shown: each time the first one deserves the focus. */
  readonly refusals: number
  /** The channel in the form, or `null` where it has faults, which are then shown. Typed secrets are in the vault then. */
  prepare(): Promise<Channel | null>
}

export function useChannelForm(initial: ChannelDraft): ChannelForm {
  const { i18n } = useTranslation()
  const { client, keys } = useConsole()
  const cache = useQueryClient()
  const form = useForm<ChannelDraft>({ initialValues: initial })
  const [elsewhere, setElsewhere] = useState<readonly string[]>([])
  const [refusals, setRefusals] = useState(0)

  async function prepare() {
    const draft = form.getValues()
    const made = channelOf(draft)
    const parsed = Channel.safeParse(made)
    const errors: Record<string, string> = {}
    const others: string[] = []
    for (const { issue, keys: place } of parsed.success ? [] : issuesIn(parsed.error, made)) {
      const text = profileIssueText(i18n, issue)
      const field = fieldOf(place, draft)
      if (field === null) others.push(issue.path === '' ? text : `${issue.path}: ${text}`)
      else errors[field] ??= text
    }
    form.setErrors(errors)
    setElsewhere(others)
    if (!parsed.success) {
      setRefusals((count) => count + 1)
      return null
    }
    for (const { field, name, value } of typedSecrets(draft, made)) {
      await client.secrets.set({ name, value })
      form.setFieldValue(`${field}.value`, '')
    }
    await cache.invalidateQueries({ queryKey: keys.secrets })
    return parsed.data
  }

  return { form, elsewhere, refusals, prepare }
}

/** The path of the field for a place in the channel; `null` where the form has none. */
function fieldOf(keys: readonly (string | number)[], draft: ChannelDraft): string | null {
  const found: (string | number)[] = []
  let at: unknown = draft
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || isSecretDraft(at)) break
    if (key === 'kept' || !Object.hasOwn(at, key)) return null
    found.push(key)
    at = Reflect.get(at, key)
  }
  if (isSecretDraft(at)) return [...found, 'reference'].join('.')
  return found.length === 0 || (typeof at === 'object' && at !== null) ? null : found.join('.')
}
