/** Adds a rule, or changes one: waits for what is on record and for what is proposed, then hands it to the form. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { draftOf } from './draft.ts'
import { RuleForm } from './RuleForm.tsx'
import type { RulePlace } from './rule-place.ts'
import classes from './rules.module.css'

/** What is being typed must not be replaced by a later answer. */
const ONCE = { gcTime: 0, staleTime: Number.POSITIVE_INFINITY } as const

export function RuleEditor({ id, proposedFor }: RulePlace) {
  const { t } = useTranslation()
  const api = useApi()
  const list = useQuery(api.alerts.rules.queryOptions({ ...ONCE, enabled: id !== null }))
  const isProposed = id !== null && proposedFor !== null
  const proposal = useQuery(
    api.alerts.propose.queryOptions({
      input: { rule: id ?? '', deployment: proposedFor ?? '' },
      ...{ ...ONCE, enabled: isProposed },
    }),
  )
  const rule = list.data?.items.find((one) => one.id === id) ?? null
  const face = useListFace(
    isProposed && proposal.data === undefined ? { ...proposal, data: undefined } : list,
    () => rule === null,
  )
  const proposed = proposal.data?.proposal ?? null
  return (
    <div className={classes.section}>
      <div className={classes.head}>
        <h2>{rule === null ? t('rules.new') : t('rules.edit', { name: rule.name })}</h2>
        <Link href={places.alerts('rules')}>{t('rules.back')}</Link>
      </div>
      <ListFaces
        face={id === null ? { kind: 'full' } : face}
        rowHeight={44}
        errorTitle={t('rules.failed')}
        empty={{ title: t('rules.gone-title'), text: t('rules.gone-text') }}
      >
        {proposed !== null && proposedFor !== null && (
          <p className={classes.proposed} role="status">
            {t('rules.proposed', {
              deployment: proposedFor,
              fired: t('rules.fired', { count: proposal.data?.fired ?? 0 }),
            })}
          </p>
        )}
        <RuleForm rule={rule} initial={draftOf(proposed?.rule ?? rule)} deployment={proposedFor} />
      </ListFaces>
    </div>
  )
}
