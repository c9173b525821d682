/** A statement in three lines, and whole at one key. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from '../database.module.css'
import own from './statements.module.css'

interface Props {
  readonly statement: string | null
  /** Whose it is, where that is counted apart. */
  readonly user?: string | null
}

export function StatementText({ statement, user = null }: Props) {
  const { t } = useTranslation()
  const [whole, setWhole] = useState(false)
  if (statement === null) return <span className={classes.quiet}>{t('database.no-text')}</span>
  return (
    <button
      type="button"
      className={own.statementText}
      aria-expanded={whole}
      onClick={() => {
        if (document.getSelection()?.isCollapsed !== false) setWhole(!whole)
      }}
    >
      <code className={own.clamped} data-whole={whole || undefined}>
        {statement}
      </code>
      {user !== null && <span className={classes.quiet}>{user}</span>}
    </button>
  )
}
