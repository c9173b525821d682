/** What an operation would do, line by line: what changes, what cannot be taken back, what to know, why not. */
import { Box, Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { factLines } from '#shared/locales/operation-words.ts'
import type { Outputs } from '../../client/client.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import classes from './operations.module.css'

type Preview = Outputs['operations']['preview']['preview']

interface Props {
  readonly preview: Preview | null
  readonly isAsked: boolean
  /** Its steps are those that are taken back. */
  readonly isBack?: boolean
}

export function PreviewLines({ preview, isAsked, isBack = false }: Props) {
  const { t, i18n } = useTranslation()
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
      {factLines(i18n, preview).map((line) => (
        <p key={line} className={classes.quiet}>
          {line}
        </p>
      ))}
    </Box>
  )
}
