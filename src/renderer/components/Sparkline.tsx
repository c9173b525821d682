/** A small line of the last hour; its value stands beside it in figures. */
import { memo, useMemo } from 'react'
import type { Tone } from '#shared/catalogue/statuses.ts'
import { sparkline } from './sparkline.ts'

interface SparklineProps {
  readonly points: readonly (number | null)[]
  readonly limit?: number | null
  /** What it shows, with its range, in words. */
  readonly label: string
  /** Emphasises the end of the line where the value is past its limit. */
  readonly tone?: Tone | undefined
  readonly width?: number
  readonly height?: number
}

export const Sparkline = memo(function Sparkline({
  points,
  limit = null,
  label,
  tone,
  width = 64,
  height = 24,
}: SparklineProps) {
  const { line, limitY, end } = useMemo(
    () => sparkline(points, limit, width - 4, height),
    [points, limit, width, height],
  )
  const loud = tone === 'warning' || tone === 'bad'
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {limitY !== null && (
        <line x1="0" x2={width} y1={limitY} y2={limitY} stroke="var(--line-strong)" strokeDasharray="2 3" />
      )}
      <path d={line} fill="none" stroke="var(--series)" strokeWidth="1.3" strokeLinejoin="round" />
      {end !== null && (
        <circle
          cx={end.x}
          cy={end.y}
          r={loud ? 2.4 : 1.6}
          fill={loud ? `var(--tone-${tone}-fill)` : 'var(--series)'}
        />
      )}
    </svg>
  )
})
