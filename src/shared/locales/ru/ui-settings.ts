/** Texts of the settings. */
import type { uiSettings as english } from '../en/ui-settings.ts'
import type { Translated } from '../plurals.ts'

export const uiSettings: Translated<typeof english> = {}
