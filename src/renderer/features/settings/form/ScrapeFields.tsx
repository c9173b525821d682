/** Where metrics are read from, and how it is told who asks. */
import { useTranslation } from 'react-i18next'
import { Choice } from './Choice.tsx'
import { TextField } from './Field.tsx'
import { SCRAPE_AUTHORIZATIONS, type ScrapeDraft } from './parts/scrape.ts'
import { TlsFields } from './TlsFields.tsx'
import { TokenOrBasic } from './TokenOrBasic.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

interface Props {
  readonly form: DeploymentFormState
  readonly path: string
  readonly source: ScrapeDraft
  /** Part of the names that are proposed for its secrets. */
  readonly what: string
  readonly example: string
}

/** Cells of the grid of twelve. */
export function ScrapeFields({ form, path, source, what, example }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <TextField
        form={form}
        path={`${path}.url`}
        span={8}
        label={t('form.metrics-url')}
        placeholder={example}
        required
      />
      <Choice
        form={form}
        path={`${path}.authorization`}
        label={t('form.authorization')}
        options={SCRAPE_AUTHORIZATIONS.map((value) => ({ value, label: t(`form.authorization-${value}`) }))}
      />
      <TokenOrBasic form={form} path={path} part={source} what={what} />
      <div data-span="12">
        <TlsFields
          form={form}
          path={`${path}.tls`}
          tls={source.tls}
          what={what}
          inUrl={source.url.trim().startsWith('http:') ? 'none' : undefined}
        />
      </div>
    </>
  )
}
