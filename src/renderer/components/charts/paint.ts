/** What is painted on a chart's canvas beside the lines: hatches where nobody looked, and limits. */
import type uPlot from 'uplot'
import type { Palette } from './palette.ts'
import type { LimitLine, Outlook, Stretch } from './series.ts'

/** A pattern of thin diagonal lines, at the density of the screen. */
export function createHatch(context: CanvasRenderingContext2D, color: string): CanvasPattern | string {
  const size = Math.round(7 * devicePixelRatio)
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const pen = tile.getContext('2d')
  if (pen === null) return 'transparent'
  pen.strokeStyle = color
  pen.lineWidth = Math.max(1, devicePixelRatio)
  pen.beginPath()
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1)
    pen.lineTo(shift + size + 1, -1)
  }
  pen.stroke()
  return context.createPattern(tile, 'repeat') ?? 'transparent'
}

/** Paints the stretches that were not observed over the whole height of the plot. */
export function paintStretches(
  plot: uPlot,
  stretches: readonly Stretch[],
  hatch: CanvasPattern | string,
): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = hatch
  for (const { from, to } of stretches) {
    const left = plot.valToPos(from, 'x', true)
    const right = plot.valToPos(to, 'x', true)
    if (right > bbox.left && left < bbox.left + bbox.width)
      ctx.fillRect(left, bbox.top, right - left, bbox.height)
  }
  ctx.restore()
}

/** Paints a trend as a dashed line over what it was seen in and onwards, and the range in which it may go on. */
export function paintOutlook(plot: uPlot, outlook: Outlook, palette: Palette): void {
  const { ctx, bbox } = plot
  const { at, value, limit, earliest, likely, latest, observedMs } = outlook
  const x = (moment: number) => plot.valToPos(moment, 'x', true)
  const y = (level: number) => plot.valToPos(level, 'y', true)
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = palette.band
  ctx.beginPath()
  ctx.moveTo(x(at), y(value))
  ctx.lineTo(x(earliest), y(limit))
  ctx.lineTo(x(latest), y(limit))
  ctx.closePath()
  ctx.fill()
  ctx.strokeStyle = palette.primary
  ctx.lineWidth = 1.25 * devicePixelRatio
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  const slope = (limit - value) / Math.max(1, likely - at)
  ctx.moveTo(x(at - observedMs), y(value - slope * observedMs))
  ctx.lineTo(x(likely), y(limit))
  ctx.stroke()
  ctx.restore()
}

/** Paints the limits that lie within the value axis, as thin dashed lines in the colour of what they turn. */
export function paintLimits(plot: uPlot, limits: readonly LimitLine[], palette: Palette): void {
  const { ctx, bbox } = plot
  const { min, max } = plot.scales.y ?? {}
  if (min === undefined || max === undefined) return
  ctx.save()
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio])
  for (const { value, severity } of limits) {
    if (value <= min || value > max) continue
    const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5
    ctx.strokeStyle = palette[severity]
    ctx.globalAlpha = 0.75
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
  }
  ctx.restore()
}

/** Told by where it is, not by its colour alone: a bar at the foot of the plot, however short it was. */
const FIRING_BAR_PX = 4
const LEAST_FIRING_PX = 2

/** Paints when a rule would have fired: a quiet surface over the height of the plot, and a bar at its foot. */
export function paintFiring(plot: uPlot, stretches: readonly Stretch[], palette: Palette): void {
  const { ctx, bbox } = plot
  const bar = FIRING_BAR_PX * devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.fillStyle = palette.critical
  for (const { from, to } of stretches) {
    const left = plot.valToPos(from, 'x', true)
    const width = Math.max(plot.valToPos(to, 'x', true) - left, LEAST_FIRING_PX * devicePixelRatio)
    ctx.globalAlpha = 0.14
    ctx.fillRect(left, bbox.top, width, bbox.height)
    ctx.globalAlpha = 1
    ctx.fillRect(left, bbox.top + bbox.height - bar, width, bar)
  }
  ctx.restore()
}
