/** Texts of the fleet. */
import type { uiFleet as english } from '../en/ui-fleet.ts'
import type { Translated } from '../plurals.ts'

export const uiFleet: Translated<typeof english> = {}
