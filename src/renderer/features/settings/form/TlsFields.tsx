/** TLS of a target: which authorities are trusted, how much is checked, and who we are. */
import { useTranslation } from 'react-i18next'
import { TLS_CHECKS } from '#shared/model/profile/tls.ts'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import type { FormState } from './form-state.ts'
import { referenceOf } from './parts/secret.ts'
import type { TlsDraft } from './parts/tls.ts'
import { SecretField } from './SecretField.tsx'

interface Props {
  readonly form: FormState
  readonly path: string
  readonly tls: TlsDraft
  /** Part of the names that are proposed for its secrets. */
  readonly what: string
  /** What the URL says of it. `check`: how much is checked, so there is nothing to choose. `none`: it is without TLS. */
  readonly inUrl?: 'check' | 'none' | undefined
}

const OWN = ['certificate', 'key', 'passphrase'] as const

export function TlsFields({ form, path, tls, what, inUrl }: Props) {
  const { t } = useTranslation()
  const said = [
    tls.check !== 'full' && inUrl !== 'check' ? t(`form.tls-check-${tls.check}`) : null,
    referenceOf(tls.authorities) === '' ? null : t('form.tls-own-authorities'),
    referenceOf(tls.certificate) === '' ? null : t('form.tls-own-certificate'),
    tls.serverName === '' ? null : tls.serverName,
  ].filter((part) => part !== null)
  return (
    <Fold
      form={form}
      title={t('form.tls')}
      summary={said.join(' · ') || t(`form.tls-said-${inUrl ?? 'usual'}`)}
      paths={[path]}
    >
      <div className={classes.fields}>
        {inUrl !== 'check' && (
          <Choice
            form={form}
            path={`${path}.check`}
            label={t('form.tls-check')}
            options={TLS_CHECKS.map((value) => ({ value, label: t(`form.tls-check-${value}`) }))}
            hint={t(`form.tls-check-${tls.check}-hint`)}
          />
        )}
        <div data-span="6">
          <SecretField
            form={form}
            path={`${path}.authorities`}
            draft={tls.authorities}
            label={t('form.tls-authorities')}
            hint={t('form.tls-authorities-hint')}
            what={`${what}-ca`}
            lines
          />
        </div>
        <TextField
          form={form}
          path={`${path}.serverName`}
          span={6}
          label={t('form.tls-server-name')}
          description={t('form.tls-server-name-hint')}
        />
        {OWN.map((field) => (
          <div key={field} data-span="4">
            <SecretField
              form={form}
              path={`${path}.${field}`}
              draft={tls[field]}
              label={t(`form.tls-${field}`)}
              what={`${what}-tls-${field}`}
              lines={field !== 'passphrase'}
            />
          </div>
        ))}
      </div>
    </Fold>
  )
}
