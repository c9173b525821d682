/** The shape of a status: told apart without its colour. */
import type { ReactNode } from 'react'
import { type ConnectionStatus, type Status, TONE, type Tone } from '#shared/catalogue/statuses.ts'

export type AnyStatus = Status | ConnectionStatus

const CONNECTION_TONE: Record<Exclude<ConnectionStatus, Status>, Tone> = {
  CONNECTED: 'good',
  CONNECTING: 'unknown',
  REFUSED: 'bad',
}

/** Which tone a status of any subject is painted in. */
export function toneOf(status: AnyStatus): Tone {
  return status in TONE
    ? TONE[status as Status]
    : CONNECTION_TONE[status as Exclude<ConnectionStatus, Status>]
}

const cut = { stroke: 'var(--glyph-cut, var(--surface))', strokeWidth: 1.8, strokeLinecap: 'round' as const }
const tick = (
  <path d="M3.5 8.5l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
)

const SHAPES: Record<AnyStatus, ReactNode> = {
  HEALTHY: tick,
  CONNECTED: tick,
  WARNING: (
    <>
      <path d="M8 1.5 15 14H1z" fill="currentColor" strokeLinejoin="round" />
      <path d="M8 6v3.6M8 11.8v.2" {...cut} />
    </>
  ),
  DEGRADED: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  CRITICAL: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="M8 4.5v4M8 11.3v.2" {...cut} />
    </>
  ),
  DOWN: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M5.5 5.5l5 5M10.5 5.5l-5 5" {...cut} />
    </>
  ),
  DISCONNECTED: (
    <>
      <path d="M1.5 8H6M10 8h4.5" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
      <path d="M6.5 3.5l-1 9M10.5 3.5l-1 9" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  REFUSED: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.5 8h7" {...cut} strokeWidth={2.4} />
    </>
  ),
  UNKNOWN: (
    <>
      <circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path
        d="M6 6.4a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.2M8 11.6v.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </>
  ),
  UNOBSERVED: (
    <circle
      cx="8"
      cy="8"
      r="6"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeDasharray="2.2 2.5"
    />
  ),
  CONNECTING: (
    <path d="M14 8a6 6 0 1 1-6-6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  ),
}

export function StatusGlyph({ status, size = 14 }: { status: AnyStatus; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={{ color: `var(--tone-${toneOf(status)}-fill)`, flex: 'none' }}
    >
      {SHAPES[status]}
    </svg>
  )
}
