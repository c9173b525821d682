/** How urgent an alert is, as people read it: shape, word and colour together, never colour alone. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Severity } from '#shared/catalogue/severities.ts'
import type { Tone } from '#shared/catalogue/statuses.ts'
import classes from './StatusMark.module.css'

export const SEVERITY_TONE: Record<Severity, Tone> = {
  INFO: 'unknown',
  WARNING: 'warning',
  CRITICAL: 'bad',
  EMERGENCY: 'bad',
}

const cut = { stroke: 'var(--glyph-cut, var(--surface))', strokeWidth: 1.8, strokeLinecap: 'round' as const }

const SHAPES: Record<Severity, ReactNode> = {
  INFO: (
    <>
      <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M8 7.4v4M8 4.7v.1" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
    </>
  ),
  WARNING: (
    <>
      <path d="M8 1.5 15 14H1z" fill="currentColor" strokeLinejoin="round" />
      <path d="M8 6v3.6M8 11.8v.2" {...cut} />
    </>
  ),
  CRITICAL: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="M8 4.5v4M8 11.3v.2" {...cut} />
    </>
  ),
  /** A square on its point, with a rim: it is told from the others where it is small, too. */
  EMERGENCY: (
    <>
      <path d="M8 0l8 8-8 8-8-8z" fill="currentColor" />
      <path d="M6.3 5v3.4M6.3 10.8v.1M9.7 5v3.4M9.7 10.8v.1" {...cut} strokeWidth={1.7} />
    </>
  ),
}

export function SeverityGlyph({ severity, size = 14 }: { severity: Severity; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={{ color: `var(--tone-${SEVERITY_TONE[severity]}-fill)`, flex: 'none' }}
    >
      {SHAPES[severity]}
    </svg>
  )
}

export function SeverityMark({ severity }: { severity: Severity }) {
  const { t } = useTranslation()
  return (
    <span className={classes.mark} data-tone={SEVERITY_TONE[severity]} data-severity={severity}>
      <SeverityGlyph severity={severity} />
      {t(`severity.${severity}`)}
    </span>
  )
}
