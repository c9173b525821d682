/** A form that a schema judges: fields, faults at their fields, the first of them in focus, and what was typed for the vault. */
import { type UseFormReturnType, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { profileIssueText } from '#shared/locales/translate.ts'
import { issuesIn } from '#shared/model/profile/issues.ts'
import { useConsole } from '../../../client/console.tsx'
import { isSecretDraft } from '../form/parts/secret.ts'
import { typedSecrets } from '../form/secrets-of.ts'

export interface CheckedForm<Draft, Made> {
  readonly form: UseFormReturnType<Draft>
  readonly element: RefObject<HTMLFormElement | null>
  /** Faults that belong to no field. */
  readonly elsewhere: readonly string[]
  /** What is in the form, or `null` where it has faults, which are then shown. Typed secrets are in the vault then. */
  prepare(): Promise<Made | null>
}

interface Rules<Draft, Made> {
  readonly schema: z.ZodType<Made>
  /** Keys as the schema has them. */
  readonly madeOf: (draft: Draft) => Record<string, unknown>
  /** Where the form has what stands elsewhere in the schema. */
  readonly placeInForm?: (keys: Place, draft: Draft) => Place
}

type Place = readonly (string | number)[]

export function useCheckedForm<Draft extends object, Made>(
  initial: Draft,
  { schema, madeOf, placeInForm = (keys) => keys }: Rules<Draft, Made>,
): CheckedForm<Draft, Made> {
  const { i18n } = useTranslation()
  const { client, keys } = useConsole()
  const cache = useQueryClient()
  const form = useForm<Draft>({ initialValues: initial })
  const [elsewhere, setElsewhere] = useState<readonly string[]>([])
  /** How often faults were shown: each time the first one deserves the focus. */
  const [refusals, setRefusals] = useState(0)
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refusals > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refusals])

  async function prepare() {
    const draft = form.getValues()
    const made = madeOf(draft)
    const parsed = schema.safeParse(made)
    const errors: Record<string, string> = {}
    const others: string[] = []
    for (const { issue, keys: place } of parsed.success ? [] : issuesIn(parsed.error, made)) {
      const text = profileIssueText(i18n, issue)
      const field = fieldOf(placeInForm(place, draft), draft)
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
      form.setFieldValue(`${field}.value`, '' as never)
    }
    await cache.invalidateQueries({ queryKey: keys.secrets })
    return parsed.data
  }

  return { form, element, elsewhere, prepare }
}

/** The path of the field for a place in what is made of the form; `null` where the form has none. */
export function fieldOf(keys: Place, draft: object): string | null {
  const found: (string | number)[] = []
  let at: unknown = draft
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || isSecretDraft(at)) break
    if (key === 'kept' || !Object.hasOwn(at, key)) return null
    found.push(key)
    at = Reflect.get(at, key)
    // What is chosen from a list is one field, whichever of it is meant.
    if (isChoice(at)) break
  }
  if (isSecretDraft(at)) return [...found, 'reference'].join('.')
  if (found.length === 0) return null
  return typeof at === 'object' && at !== null && !isChoice(at) ? null : found.join('.')
}

function isChoice(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one !== 'object')
}
