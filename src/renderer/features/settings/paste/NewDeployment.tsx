/** A new deployment: from a pasted text or by hand, then the form. */
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { places } from '../../../places.ts'
import { DeploymentForm } from '../form/DeploymentForm.tsx'
import { draftOf, newDraft } from '../form/draft.ts'
import classes from '../settings.module.css'
import { PasteBox } from './PasteBox.tsx'
import type { ProposalOut } from './proposal.ts'

export function NewDeployment({ onCancel }: { readonly onCancel: () => void }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [proposed, setProposed] = useState<ProposalOut | null>(null)
  // What was filled in anew is another form: nothing of the one before is left in it.
  const filled = useRef(0)
  const { profile = null, draft = null, secrets = [] } = proposed ?? {}
  const names = new Set(secrets.filter(({ found }) => found).map(({ name }) => name))
  return (
    <>
      <PasteBox
        onProposed={(next) => {
          if (next.profile === null) return
          filled.current += 1
          setProposed(next)
        }}
      />
      <p className={classes.text}>
        {t('form.explains')} <Link href={places.importDeployments}>{t('form.or-import')}</Link>
      </p>
      <DeploymentForm
        key={filled.current}
        initial={profile === null ? newDraft() : draftOf(profile)}
        replaces={null}
        pasted={draft === null ? null : { draft: draft.id, names }}
        onSaved={(saved) => go(places.deployment(saved))}
        onCancel={onCancel}
      />
    </>
  )
}
