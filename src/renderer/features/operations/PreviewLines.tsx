/** What an operation would do, line by line: what changes, what cannot be taken back, what to know, why not. */
import { Box, Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import classes from './operations.module.css'

type Preview = Outputs['operations']['preview']['preview']

interface Props {
  readonly preview: Preview | null
  readonly isAsked: boolean
  /** Its steps are those that are taken back. */
  readonly isBack?: boolean
}

export function PreviewLines({ preview, isAsked, isBack = false }: Props) {
  const { t } = useTranslation()
  const { took, text } = useQuantity()
  if (preview === null) {
    return isAsked ? (
      <div className={classes.preview} role="status" aria-busy="true" aria-label={t('list.loading')}>
        <Skeleton height={10} width="85%" />
        <Skeleton height={10} width="60%" />
      </div>
    ) : null
  }
  const parts = [
    ['operations.refusals', preview.refusals],
    ['operations.changes', preview.changes],
    ['operations.irreversible', preview.irreversible],
    ['operations.warnings', preview.warnings],
  ] as const
  return (
    // It may be longer than its place: then it is scrolled by keys, too.
    <Box role="group" tabIndex={0} className={classes.preview} aria-label={t('operations.preview')}>
      {parts.map(
        ([heading, lines]) =>
          lines.length > 0 && (
            <section key={heading}>
              {heading === 'operations.refusals' ? (
                <h3 data-refused>
                  <StatusGlyph status="CRITICAL" size={12} /> {t(heading)}
                </h3>
              ) : (
                <h3>{t(heading)}</h3>
              )}
              <ul>
                {lines.map(({ text }) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </section>
          ),
      )}
      {preview.steps.length > 1 && preview.refusals.length === 0 && (
        <section>
          <h3>{t(isBack ? 'operations.steps-back' : 'operations.steps')}</h3>
          <ol>
            {preview.steps.map(({ id, title, pointOfNoReturn }) => (
              <li key={id}>
                {title}
                {pointOfNoReturn && <span className={classes.quiet}> · {t('operations.no-return')}</span>}
              </li>
            ))}
          </ol>
        </section>
      )}
      {preview.databases.length > 0 && (
        <p className={classes.quiet}>
          {t('operations.databases', {
            names: preview.databases
              .map(({ name, bytes }) => (bytes === null ? name : `${name} (${text(bytes, 'bytes')})`))
              .join(', '),
          })}
        </p>
      )}
      {preview.connections.needed > 0 && (
        <p className={classes.quiet}>
          {preview.connections.free === null
            ? t('operations.connections', { needed: preview.connections.needed })
            : t('operations.connections-free', {
                ...{ needed: preview.connections.needed, free: preview.connections.free },
              })}
        </p>
      )}
      {preview.services.length > 0 && (
        <p className={classes.quiet}>{t('operations.services', { names: preview.services.join(', ') })}</p>
      )}
      {preview.lastTookMs !== null && preview.refusals.length === 0 && (
        <p className={classes.quiet}>{t('operations.last-took', { duration: took(preview.lastTookMs) })}</p>
      )}
    </Box>
  )
}
