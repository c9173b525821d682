/** All recovery keys that there were, and which backups each opens: for whoever has an old sheet in hand. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useApi } from '../../client/console.tsx'
import { useListFace } from '../../client/list-face.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { ListFaces } from '../../components/ListFaces.tsx'
import { Moment } from '../../components/Moment.tsx'
import classes from './backups.module.css'

type Use = Outputs['backups']['recoveryKeys']['items'][number]

export function RecoveryKeys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const query = useQuery(useApi().backups.recoveryKeys.queryOptions({ staleTime: 0 }))
  const face = useListFace(query, ({ items }) => items.length === 0)
  return (
    <Dialog size="xl" onClose={onClose} title={t('backups.keys-title')}>
      <p className={classes.quiet}>{t('backups.keys-means')}</p>
      <ListFaces
        face={face}
        rowHeight={48}
        skeletonRows={2}
        empty={{ title: t('backups.keys-none'), text: t('backups.keys-none-means') }}
        errorTitle={t('backups.keys-unreadable')}
      >
        <table className={classes.contents} aria-label={t('backups.keys-title')}>
          <thead>
            <tr>
              <th scope="col">{t('backups.keys-column-key')}</th>
              <th scope="col">{t('backups.keys-column-from')}</th>
              <th scope="col">{t('backups.keys-column-until')}</th>
              <th scope="col" data-number>
                {t('backups.keys-column-opens')}
              </th>
              <th scope="col">{t('backups.keys-column-span')}</th>
            </tr>
          </thead>
          <tbody>
            {query.data?.items.map((use) => (
              <KeyRow key={use.recipient} use={use} />
            ))}
          </tbody>
        </table>
      </ListFaces>
    </Dialog>
  )
}

function KeyRow({ use }: { use: Use }) {
  const { t } = useTranslation()
  const { recipient, isCurrent, isKnown, provenAt, madeAt, usedUntil, backups, deployments } = use
  const marks = isKnown
    ? [
        isCurrent && t('backups.keys-current'),
        t(provenAt === null ? 'backups.keys-not-proven' : 'backups.keys-proven'),
      ]
    : [t('backups.keys-strange')]
  return (
    <tr>
      <th scope="row">
        <code className={classes.recipient}>{recipient}</code>
        <p className={classes.quiet}>{marks.filter((one) => one !== false).join(' · ')}</p>
      </th>
      <td>{madeAt === null ? '–' : <Moment at={Date.parse(madeAt)} show="absolute" />}</td>
      <td>
        {usedUntil !== null ? (
          <Moment at={Date.parse(usedUntil)} show="absolute" />
        ) : isKnown ? (
          <span title={isCurrent ? undefined : t('backups.keys-still-means')}>{t('backups.keys-still')}</span>
        ) : (
          '–'
        )}
      </td>
      <td data-number>{backups === null ? t('backups.keys-opens-none') : backups.count}</td>
      <td>
        {backups !== null && (
          <>
            <Moment at={Date.parse(backups.first)} show="absolute" />
            {backups.last !== backups.first && (
              <>
                {' – '}
                <Moment at={Date.parse(backups.last)} show="absolute" />
              </>
            )}
            <p className={classes.quiet}>{deployments.join(', ')}</p>
          </>
        )}
      </td>
    </tr>
  )
}
