/** One operation: its steps in time, how far it is, what would be taken back, its log, and what can be asked of it. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { actorText } from '#shared/locales/translate.ts'
import { isOver } from '#shared/model/operation.ts'
import { useApi } from '../../client/console.tsx'
import { useListFace } from '../../client/list-face.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Acts } from './Acts.tsx'
import classes from './operations.module.css'
import { Restored } from './Restored.tsx'
import { StateMark } from './StateMark.tsx'
import { Steps } from './Steps.tsx'

export function OperationPanel({ id }: { id: string }) {
  const { t, i18n } = useTranslation()
  const query = useQuery(useApi().operations.get.queryOptions({ input: { id } }))
  const face = useListFace(query)
  const one = query.data
  return (
    <aside className={classes.panel} aria-label={t('operations.one')}>
      <ListFaces face={face} rowHeight={28} errorTitle={t('operations.unreadable')}>
        {one !== undefined && (
          <>
            <h2>
              {one.title} <span className={classes.quiet}>{one.deployment}</span>
            </h2>
            <p role="status">
              <strong>
                <StateMark state={one.state} />
              </strong>
              {' · '}
              {t(`operations.target-${one.target}`)}
              {/* Of one that left nothing there it would be no word on anything. */}
              {!(one.undo === 'none' && one.target === 'unchanged') &&
                ` · ${t(`operations.undo-${one.undo}`)}`}
            </p>
            {one.pause !== null && <p role="status">{one.pause.text}</p>}
            {one.error !== null && <p className={classes.failed}>{one.error.text}</p>}
            <p className={classes.quiet}>
              {t('operations.asked-by', { name: actorText(i18n, one.actor) })}{' '}
              <Moment at={Date.parse(one.createdAt)} />
              {one.reason !== null && ` · ${one.reason}`}
            </p>
            <Restored operation={one} />
            <Acts key={one.id} operation={one} />
            <h3>{t('operations.steps')}</h3>
            <Steps operation={one} />
            {!isOver(one.state) && <p className={classes.quiet}>{t('operations.stopped-means')}</p>}
            <h3>{t('operations.log')}</h3>
            {one.log.length === 0 ? (
              <p className={classes.quiet}>
                {t(isOver(one.state) ? 'operations.log-none' : 'operations.log-empty')}
              </p>
            ) : (
              <ol className={classes.log}>
                {one.log.map(({ at, text }) => (
                  <li key={`${at} ${text}`}>
                    <Moment at={Date.parse(at)} show="absolute" /> {text}
                  </li>
                ))}
              </ol>
            )}
          </>
        )}
      </ListFaces>
    </aside>
  )
}
