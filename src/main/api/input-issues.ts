/** What is wrong with an input, in the reader's language. */
import type { Language } from '#shared/locales/languages.ts'
import { issueWords, type SchemaIssue } from './issue-words.ts'
import { errorText, translatorOf } from './speech.ts'

/** All of it in one answer. */
export function badRequest(language: Language, issues: { path: string; message: string }[]) {
  const detail = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return { message: errorText(language, 'bad-request', { detail }), data: { issues } }
}

interface InputIssue extends SchemaIssue {
  readonly params?: Readonly<Record<string, unknown>> | undefined
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Some messages of the model's schemas are keys of `locales/<language>/profile.ts`. */
export function inputIssue(issue: InputIssue, language: Language): { path: string; message: string } {
  const keys = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part))
  const path = keys.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  )
  const translator = translatorOf(language)
  const known = translator.exists(issue.message, { ns: 'profile' })
  const message = known
    ? String(translator.t(issue.message as never, { ns: 'profile', ...issue.params } as never))
    : (issueWords(translator, issue) ?? issue.message)
  return { path, message }
}
