/** One chain, read from the symptom to the root: "api is not ready ← pool 100 % ← 3 backends wait for PID 42". */
import { Tooltip } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { linkText } from '#shared/locales/translate.ts'
import type { Cause, CauseLink } from '#shared/model/cause.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { CauseWords } from './CauseWords.tsx'
import classes from './causes.module.css'
import { LinkEvidence } from './LinkEvidence.tsx'

interface Props {
  readonly deployment: string
  readonly cause: Cause
  readonly opened: boolean
  /** The key that opens it; `null`: none does. */
  readonly hint: string | null
  readonly onToggle: () => void
}

export function CauseLine({ deployment, cause, opened, hint, onToggle }: Props) {
  const { t, i18n } = useTranslation()
  const evidence = useId()
  return (
    <li className={classes.cause}>
      <p className={classes.chain}>
        {cause.links.map((link, index) => (
          <span key={keyOf(link)} className={index === 0 ? classes.symptom : classes.link}>
            {index > 0 && <span className={classes.arrow}> ← </span>}
            <CauseWords deployment={deployment} pid={link.reason.params.pid} words={linkText(i18n, link)} />
          </span>
        ))}
        {cause.certainty === 'not-found' && <Doubt words="not-found" />}
        {cause.certainty === 'likely' && <Doubt words="likely" />}
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={opened}
          aria-controls={evidence}
          aria-keyshortcuts={hint ?? undefined}
          onClick={onToggle}
        >
          {t('causes.evidence')}
          {hint !== null && <Kbd keys={hint} />}
        </button>
      </p>
      <div id={evidence} hidden={!opened}>
        {opened && (
          <>
            <ol className={classes.links}>
              {cause.links.map((link) => (
                <LinkEvidence key={keyOf(link)} link={link} />
              ))}
            </ol>
            {cause.alsoExplains.length > 0 && (
              <p className={classes.quiet}>{t('causes.also', { subjects: cause.alsoExplains.join(', ') })}</p>
            )}
          </>
        )}
      </div>
    </li>
  )
}

function Doubt({ words }: { words: 'likely' | 'not-found' }) {
  const { t } = useTranslation()
  return (
    <>
      {words === 'not-found' && <span className={classes.arrow}> ← </span>}
      <Tooltip label={t(`causes.${words}-why`)} multiline maw={320}>
        <span className={classes.doubt} role="note" aria-label={t(`causes.${words}-why`)}>
          {t(`causes.${words}`)}
        </span>
      </Tooltip>
    </>
  )
}

function keyOf({ reason, probe, target }: CauseLink): string {
  return `${probe}/${target}/${reason.code}/${reason.params.pid ?? ''}`
}
