/** All rules: what each reads, where its lines are, for whom, how often it fired, and whether it is on. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { useMay } from '../../../client/session.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { Caps } from './Caps.tsx'
import type { Rule } from './draft.ts'
import { ruleItem } from './rule-place.ts'
import { useRuleWords } from './rule-words.ts'
import classes from './rules.module.css'

const WEEK = { days: 7 } as const

export function RuleList() {
  const { t } = useTranslation()
  const api = useApi()
  const mayChange = useMay('ADMIN')
  const list = useQuery(api.alerts.rules.queryOptions({ staleTime: 0 }))
  const counts = useQuery(api.alerts.statistics.queryOptions({ input: WEEK, staleTime: 0 }))
  const face = useListFace(list)
  const fired = new Map(counts.data?.byRule.map((one) => [one.rule, one.fired] as const))
  return (
    <div className={classes.section}>
      <div className={classes.head}>
        <p className={classes.quiet}>{t(mayChange ? 'rules.explains' : 'rules.may-not')}</p>
        {mayChange && (
          <Button component={Link} href={places.alerts('rules', ruleItem(null))} size="xs">
            {t('rules.add')}
          </Button>
        )}
      </div>
      <ListFaces face={face} rowHeight={44} headHeight={28} skeletonRows={14} errorTitle={t('rules.failed')}>
        <table className={classes.table}>
          <thead>
            <tr>
              {(['rule', 'fires', 'scope', 'channels', 'fired', 'state'] as const).map((column) => (
                <th key={column} scope="col" data-column={column}>
                  {t(`rules.column-${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.data?.items.map((rule) => (
              <Row
                key={rule.id}
                rule={rule}
                fired={counts.data === undefined ? null : (fired.get(rule.id) ?? 0)}
              />
            ))}
          </tbody>
        </table>
        <Caps mayChange={mayChange} />
      </ListFaces>
    </div>
  )
}

/** @param fired `null`: not known yet */
function Row({ rule, fired }: { rule: Rule; fired: number | null }) {
  const { t } = useTranslation()
  const words = useRuleWords()
  const { inert } = rule
  return (
    <tr data-off={!rule.enabled || inert !== null}>
      <th scope="row">
        <Link href={places.alerts('rules', ruleItem(rule.id))}>{rule.name}</Link>
        {!rule.isBuiltIn && <span className={classes.tag}>{t('rules.own')}</span>}
        <p className={classes.quiet}>{words.reads(rule)}</p>
      </th>
      <td>
        {words.fires(rule).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </td>
      <td>{words.scope(rule)}</td>
      <td>{rule.channels.length === 0 ? t('rules.usual-channels') : rule.channels.join(', ')}</td>
      <td data-column="fired">
        {fired !== null && (fired === 0 ? t('rules.never-fired') : t('rules.fired', { count: fired }))}
      </td>
      <td>{inert !== null ? inert.text : t(rule.enabled ? 'rules.on' : 'rules.off')}</td>
    </tr>
  )
}
