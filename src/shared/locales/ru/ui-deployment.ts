/** Texts of the deployment. */
import type { uiDeployment as english } from '../en/ui-deployment.ts'
import type { Translated } from '../plurals.ts'

export const uiDeployment: Translated<typeof english> = {}
