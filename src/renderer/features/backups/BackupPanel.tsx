/** One backup: how far it is proven, what is in it, with what it was made, and what can be done with it. */
import { useTranslation } from 'react-i18next'
import { comparedWords } from '#shared/locales/compared-words.ts'
import { addUp } from '#shared/model/compared.ts'
import { useMay } from '../../client/session.ts'
import { CopyLine } from '../../components/CopyLine.tsx'
import { Moment } from '../../components/Moment.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { BackupMark } from './BackupMark.tsx'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'
import { DrillElsewhere } from './DrillElsewhere.tsx'
import { DrillHere } from './DrillHere.tsx'
import { RemoveBackup } from './RemoveBackup.tsx'
import { RestoreButton } from './restore/RestoreButton.tsx'

interface Props {
  readonly backup: BackupView
  /** There is no other that counts. */
  readonly isLastGood: boolean
  /** Where the schedule has drills. */
  readonly drillsOn: string | undefined
}

export function BackupPanel({ backup, isLastGood, drillsOn }: Props) {
  const { t, i18n } = useTranslation()
  const { took, text } = useQuantity()
  const may = useMay('OPERATOR')
  const number = new Intl.NumberFormat(i18n.language)
  const { id, deployment, startedAt, problem, databases, verifiedAt, provenAt, recoveryMs, recoveryOn } =
    backup
  const { place, signedBy, foreign, console: maker, server, tools, recipients, roles } = backup
  const { compression, format, jobs } = backup
  const compressed = ({ method, level }: BackupView['compression'][number]): string => {
    const how = t(`backups.compressed-${method}`)
    return level === null ? how : t('backups.compressed-level', { how, level })
  }
  return (
    <aside className={classes.panel} aria-label={t('backups.one')}>
      <h3>
        <Moment at={Date.parse(startedAt)} />
      </h3>
      <p>
        <BackupMark backup={backup} />
      </p>
      {problem !== null && <p className={classes.failed}>{problem.text}</p>}
      {may && (
        <div className={classes.buttons}>
          <DrillHere backup={backup} />
          {/* What others made, and what is a part alone, is tried on the console's machine. */}
          {foreign === null && !backup.partial && (
            <DrillElsewhere deployment={deployment} backup={backup} likely={drillsOn} size="compact-sm" />
          )}
          {problem === null && <RestoreButton backup={backup} />}
          <RemoveBackup backup={backup} isLastGood={isLastGood} />
        </div>
      )}
      <dl className={classes.facts}>
        <dt>{t('backups.verified')}</dt>
        <dd>
          {verifiedAt !== null ? (
            <Moment at={Date.parse(verifiedAt)} />
          ) : (
            t(problem === null ? 'backups.not-yet' : 'backups.found-faulty')
          )}
        </dd>
        <dt>{t('backups.proven')}</dt>
        <dd>
          {provenAt === null ? (
            // What was proven of it before does not count any more: that it never was would not be true.
            problem === null ? (
              t('backups.not-yet')
            ) : (
              '–'
            )
          ) : (
            <>
              <Moment at={Date.parse(provenAt)} />
              {recoveryMs !== null &&
                ` · ${t('backups.recovered-in', { duration: took(recoveryMs) })} ${
                  recoveryOn === null
                    ? t('backups.measured-here')
                    : t('backups.measured-on', { name: recoveryOn })
                }`}
            </>
          )}
        </dd>
        <dt>{t('backups.counted')}</dt>
        <dd>{comparedWords(i18n, addUp(databases))}</dd>
        <dt>{t('backups.encrypted')}</dt>
        <dd>
          {recipients === 0 ? t('backups.not-encrypted') : t('backups.recipients', { count: recipients })}
        </dd>
        <dt>{t('backups.made-by')}</dt>
        <dd>
          {maker}
          {signedBy === 'another' && ` · ${t('backups.of-another')}`}
          {foreign !== null && ` · ${t('backups.of-dump', { file: foreign.file })}`}
        </dd>
        <dt>{t('backups.made-with')}</dt>
        <dd>
          PostgreSQL {server} · {tools.join(', ')}
        </dd>
        <dt>{t('backups.format')}</dt>
        <dd>
          {t(`backups.format-${format}`)}
          {jobs !== null && ` · ${t('backups.format-jobs', { count: jobs })}`}
        </dd>
        {compression.length > 0 && (
          <>
            <dt>{t('backups.compressed')}</dt>
            <dd>{compression.map(compressed).join(' · ')}</dd>
          </>
        )}
        <dt>{t('backups.roles')}</dt>
        <dd>{t(roles ? 'backups.roles-in' : 'backups.roles-out')}</dd>
      </dl>
      <table className={classes.contents}>
        <thead>
          <tr>
            <th scope="col">{t('backups.column-database')}</th>
            <th scope="col" data-number>
              {t('backups.column-tables')}
            </th>
            <th scope="col" data-number>
              {t('backups.column-rows')}
            </th>
            <th scope="col" data-number>
              {t('backups.column-size')}
            </th>
            <th scope="col" data-number title={t('backups.held-means')}>
              {t('backups.column-held')}
            </th>
          </tr>
        </thead>
        <tbody>
          {databases.map(({ name, tables, rows, bytes, heldMs }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-number>{number.format(tables)}</td>
              <td data-number>{number.format(rows)}</td>
              <td data-number>{text(bytes, 'bytes')}</td>
              <td data-number>{foreign === null ? took(heldMs) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h4>{t('backups.place')}</h4>
      <CopyLine text={`${place}/${id}`} label={t('backups.place')} />
    </aside>
  )
}
