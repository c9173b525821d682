/** Values beyond which one of the profile's own questions turns the status. */
import { useTranslation } from 'react-i18next'
import { NumberField } from './Field.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

const BOUNDS = ['above.warning', 'above.critical', 'below.warning', 'below.critical'] as const

export function BoundsFields({ form, path }: { form: DeploymentFormState; path: string }) {
  const { t } = useTranslation()
  return BOUNDS.map((bound) => (
    <NumberField
      key={bound}
      form={form}
      path={`${path}.${bound}`}
      span={3}
      label={t(`form.bound-${bound}`)}
      placeholder={t('form.optional')}
    />
  ))
}
