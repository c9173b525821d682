/** The shape of what changed: neutral, because colour means status. */
import type { ReactNode } from 'react'
import type { MarkShape } from './marks.ts'

const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.8,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const

const SHAPES: Record<MarkShape, ReactNode> = {
  deploy: <path d="M8 2 14 9H10.5V14H5.5V9H2z" fill="currentColor" />,
  restart: <path d="M13.5 5A6.2 6.2 0 1 0 14.2 8M13.8 2V5.2H10.6" {...line} />,
  schema: (
    <>
      <path d="M3 3h10v10H3zM3 6.5h10M8 6.5V13" {...line} />
    </>
  ),
  settings: (
    <>
      <path d="M2 5h12M2 11h12" {...line} />
      <circle cx="10.5" cy="5" r="2.2" fill="currentColor" />
      <circle cx="5.5" cy="11" r="2.2" fill="currentColor" />
    </>
  ),
  role: <path d="M2 5.5h11L10 2.5M14 10.5H3l3 3" {...line} />,
  status: <path d="M1.5 9H5L7 3l3 10 1.5-4H14.5" {...line} />,
  path: <path d="M1.5 8H6M10 8h4.5M6.5 3.5l-1 9M10.5 3.5l-1 9" {...line} />,
  alert: <path d="M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5M2 11.5h12M6.5 14h3" {...line} />,
  silence: <path d="M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5M2 11.5h12M2 14.5 14 2" {...line} />,
  operation: <path d="M2.5 5h8M8 2l3 3-3 3M13.5 11h-8M8 8l-3 3 3 3" {...line} />,
  profile: <path d="M3 13.5 3.8 10 11 2.8 13.2 5 6 12.2z" {...line} />,
}

export function MarkGlyph({ shape, size = 12 }: { shape: MarkShape; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" style={{ flex: 'none' }}>
      {SHAPES[shape]}
    </svg>
  )
}
