/** Why the proposal is as it is: what to see to first, then what was assumed; what simply stood in the text is folded away. */
import { useTranslation } from 'react-i18next'
import { profileIssueText, proposalNoteText } from '#shared/locales/translate.ts'
import classes from '../settings.module.css'
import pasteClasses from './paste.module.css'
import type { ProposalOut } from './proposal.ts'

interface Props {
  readonly proposal: ProposalOut
  readonly onGo: (line: number) => void
}

export function ProposalNotes({ proposal: { kinds, notes, issues, profile }, onGo }: Props) {
  const { t, i18n } = useTranslation()
  const open = [...notes.filter(isOf('look')), ...notes.filter(isOf('assumed'))]
  const found = notes.filter(isOf('found'))
  const list = (shown: readonly Note[]) => (
    <ul className={pasteClasses.notes}>
      {shown.map((note) => (
        <NoteLine key={`${note.code} ${note.line} ${note.text}`} note={note} onGo={onGo} />
      ))}
    </ul>
  )
  return (
    <div className={pasteClasses.verdict}>
      <h3>{t('paste.notes')}</h3>
      {kinds.length > 0 && (
        <p className={classes.text}>
          {t('paste.found-kinds', { kinds: kinds.map((kind) => t(`paste.kind-${kind}`)).join(', ') })}
        </p>
      )}
      {list(open)}
      {issues.length > 0 && (
        <>
          <p className={classes.failed}>{t('paste.left-out')}</p>
          <ul className={pasteClasses.notes}>
            {issues.map((issue) => (
              <li key={`${issue.path} ${issue.message}`}>
                <span className={classes.mono}>{issue.path}</span>
                <span>{profileIssueText(i18n, issue)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {found.length > 0 && (
        <details className={pasteClasses.found}>
          <summary>{t('paste.found', { count: found.length })}</summary>
          {list(found)}
        </details>
      )}
      {profile !== null && <p className={classes.text}>{t('paste.next')}</p>}
    </div>
  )
}

type Note = ProposalOut['notes'][number]

function isOf(tone: Note['tone']) {
  return (note: Note) => note.tone === tone
}

function NoteLine({ note, onGo }: { readonly note: Note; readonly onGo: (line: number) => void }) {
  const { t, i18n } = useTranslation()
  const { line, tone } = note
  return (
    <li data-tone={tone}>
      <span className={pasteClasses.tone}>{t(`paste.tone-${tone}`)}</span>
      <span>
        {proposalNoteText(i18n, note)}
        {line !== null && (
          <>
            {' '}
            <button type="button" className={pasteClasses.line} onClick={() => onGo(line)}>
              {t('import.line', { line })}
            </button>
          </>
        )}
      </span>
    </li>
  )
}
