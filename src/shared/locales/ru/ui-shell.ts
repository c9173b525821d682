/** Texts of the shell. */
import type { uiShell as english } from '../en/ui-shell.ts'
import type { Translated } from '../plurals.ts'

export const uiShell: Translated<typeof english> = {}
