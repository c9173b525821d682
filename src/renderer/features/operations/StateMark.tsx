/** The state of an operation in a word, with a glyph where somebody has to look, or need not any more. */
import { useTranslation } from 'react-i18next'
import type { Status } from '#shared/catalogue/statuses.ts'
import type { OperationState } from '#shared/model/operation.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import classes from './operations.module.css'

const GLYPHS: Partial<Record<OperationState, Status>> = {
  succeeded: 'HEALTHY',
  failed: 'CRITICAL',
  paused: 'WARNING',
  interrupted: 'WARNING',
}

export function StateMark({ state }: { state: OperationState }) {
  const { t } = useTranslation()
  const glyph = GLYPHS[state]
  return (
    <span className={classes.state}>
      {glyph !== undefined && <StatusGlyph status={glyph} size={12} />}
      {t(`operations.state-${state}`)}
    </span>
  )
}
