/** The form's state: fields, faults at their fields, and what was typed for the vault. */
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { profileIssueText } from '#shared/locales/translate.ts'
import type { ProfileIssue } from '#shared/model/profile/deployment.ts'
import { parseProfile } from '#shared/model/profile/issues.ts'
import { useConsole } from '../../../client/console.tsx'
import { type Draft, profileOf } from './draft.ts'
import { fieldOf, keysOf } from './field-of.ts'
import { typedSecrets } from './secrets-of.ts'

export type DeploymentFormState = UseFormReturnType<Draft>

export interface DeploymentForm {
  readonly form: DeploymentFormState
  /** Faults that belong to no field. */
  readonly elsewhere: readonly ProfileIssue[]
  /** How often faults were shown: each time the first one deserves the focus. */
  readonly refusals: number
  /** Shows faults, each at its field. */
  showIssues(issues: readonly ProfileIssue[]): void
  /**
   * The profile in the form, or `null` where it has faults, which are then shown. Secrets that were typed are in the
   * vault when it resolves, and only their references in the profile.
   */
  prepare(): Promise<Record<string, unknown> | null>
}

export function useDeploymentForm(initial: Draft): DeploymentForm {
  const { i18n } = useTranslation()
  const { client, keys } = useConsole()
  const cache = useQueryClient()
  const form = useForm<Draft>({ initialValues: initial })
  const [elsewhere, setElsewhere] = useState<readonly ProfileIssue[]>([])
  const [refusals, setRefusals] = useState(0)

  function showIssues(issues: readonly ProfileIssue[]) {
    const draft = form.getValues()
    const errors: Record<string, string> = {}
    const others: ProfileIssue[] = []
    for (const issue of issues) {
      const field = fieldOf(keysOf(issue.path), draft)
      if (field === null) others.push(issue)
      else errors[field] ??= profileIssueText(i18n, issue)
    }
    form.setErrors(errors)
    setElsewhere(others)
    if (issues.length > 0) setRefusals((count) => count + 1)
  }

  async function prepare() {
    const draft = form.getValues()
    const profile = profileOf(draft)
    const parsed = parseProfile(profile)
    // A key that this page does not know is of a newer console, which judges it itself.
    const faults = parsed.ok ? [] : parsed.issues.filter(({ issue }) => issue.code !== 'unknown-key')
    if (faults.length > 0) {
      showIssues(faults.map(({ issue }) => issue))
      return null
    }
    showIssues([])
    for (const { field, name, value } of typedSecrets(draft, profile)) {
      await client.secrets.set({ name, value })
      form.setFieldValue(`${field}.value`, '')
    }
    await cache.invalidateQueries({ queryKey: keys.secrets })
    return profile
  }

  return { form, elsewhere, refusals, showIssues, prepare }
}
