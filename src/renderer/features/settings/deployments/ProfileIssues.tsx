/** The faults of a YAML text: line, path, and what was expected there. */
import { useTranslation } from 'react-i18next'
import { profileIssueText } from '#shared/locales/translate.ts'
import type { ProfileIssue } from '#shared/model/profile/deployment.ts'
import classes from '../settings.module.css'
import own from './yaml.module.css'

interface Props {
  readonly issues: readonly ProfileIssue[]
  readonly onGo: (line: number) => void
}

export function ProfileIssues({ issues, onGo }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <ul className={own.issues}>
      {issues.map((issue) => (
        <li key={`${issue.line} ${issue.path} ${issue.message}`}>
          <button type="button" onClick={() => issue.line !== null && onGo(issue.line)}>
            <span className={classes.quiet}>
              {issue.line === null ? '' : t('import.line', { line: issue.line })}
            </span>
            <span className={classes.mono}>{issue.path}</span>
            <span>{profileIssueText(i18n, issue)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
