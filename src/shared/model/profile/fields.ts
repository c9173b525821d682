/**
 * What the parts of a deployment profile are made of. The messages of these schemas are keys of
 * `locales/<language>/profile.ts`; `issues.ts` turns them into words.
 */
import { z } from 'zod'

/** A name that is safe in a URL, a label and a file name. */
export const Name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'bad-name')

/** Where a secret is, never its value: `secret:NAME` (the vault), `env:NAME`, `file:PATH`. */
export const SecretReference = z
  .string()
  .regex(/^(secret:[A-Za-z0-9._-]+|env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, 'bad-secret-reference')
export type SecretReference = z.infer<typeof SecretReference>

export const Port = z.number().int().min(1).max(65_535)
export const Path = z.string().startsWith('/', 'bad-path')

export interface UrlRules {
  readonly schemes: readonly string[]
  readonly example: string
  /** Refuses what this kind of URL lacks or cannot carry; answers with a message key and its parameters. */
  readonly refuse?: (url: URL) => { message: string; params?: Record<string, string> } | null
}

/** A URL of one of some schemes, without a password in it. */
export function url({ schemes, example, refuse }: UrlRules) {
  return z.string().superRefine((text, context) => {
    const parsed = URL.canParse(text) ? new URL(text) : null
    const fault =
      parsed === null || !schemes.includes(parsed.protocol) || parsed.hostname === ''
        ? { message: 'bad-url' }
        : parsed.password !== ''
          ? { message: 'password-in-url' }
          : (refuse?.(parsed) ?? null)
    if (fault !== null) context.addIssue({ code: 'custom', params: { example }, ...fault })
  })
}
