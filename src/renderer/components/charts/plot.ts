/** One uPlot instance: made once, then fed. It knows neither React nor where its data comes from. */
import uPlot from 'uplot'
import { alignColumns, lonePoints } from './align.ts'
import { createHatch, paintFiring, paintLimits, paintOutlook, paintStretches } from './paint.ts'
import type { Palette } from './palette.ts'
import type { ChartSeries, LimitLine, Outlook, Stretch } from './series.ts'
import { createTickLabels, TIME_STEPS_MS, timeTicks } from './time-axis.ts'
import { type ValueScale, valueRange } from './value-scale.ts'

export interface PlotContent {
  readonly series: readonly ChartSeries[]
  readonly stretches: readonly Stretch[]
  readonly limits: readonly LimitLine[]
  /** When a rule would have fired. */
  readonly firing?: readonly Stretch[]
  /** Where it leads, if that is foretold. */
  readonly outlook?: Outlook | null
  /** The time that the axis shows. */
  readonly window: Stretch
  /** The longest distance between two points that a line may bridge. */
  readonly gapMs: number
}

export interface PlotOptions {
  readonly roles: readonly ChartSeries['role'][]
  readonly scale: ValueScale
  readonly language: string
  readonly palette: Palette
  readonly height: number
  /** A value as the axis writes it. */
  readonly formatTick: (value: number, step: number) => string
  /** Distances between ticks of the value axis, where decimal ones do not fit the unit. */
  readonly valueSteps: readonly number[] | null
  readonly onPoint: (moment: number | null) => void
  /** A stretch was dragged over. */
  readonly onSelect: (stretch: Stretch) => void
}

export interface Plot {
  show(content: PlotContent): void
  /** Moves the cursor to a moment that was pointed at on another chart. */
  point(moment: number | null): void
  resize(width: number): void
  destroy(): void
}

/** Room beside the plot for the labels of both axes: half a time with its seconds stands out at the right. */
export const MARGIN_LEFT_PX = 48
export const MARGIN_RIGHT_PX = 26
/** Columns that a series takes in the aligned data: mean, min and max. */
const COLUMNS = 3

/** @param target an empty element; the plot fills it and takes it down on `destroy` */
export function createPlot(target: HTMLElement, width: number, options: PlotOptions): Plot {
  const { palette, language } = options
  const tickLabels = createTickLabels(language)
  let content: PlotContent | null = null
  let hatch: CanvasPattern | string = 'transparent'
  /** Set while the cursor is moved from outside, which is nobody pointing here. */
  let led = false

  const plot = new uPlot(
    {
      ms: 1,
      width,
      height: options.height,
      padding: [6, MARGIN_RIGHT_PX, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: {
          size: (_plot, index) => (isEdge(index) ? 0 : 6),
          width: 0,
          fill: (_plot, index) => palette[roleAt(options.roles, index)],
        },
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: true, auto: false, range: () => [content?.window.from ?? 0, content?.window.to ?? 1] },
        y: {
          range: (_plot, _min, max) =>
            valueRange(options.scale, Number.isFinite(max) ? max : null, content?.limits ?? []),
        },
      },
      axes: [
        {
          stroke: palette.text,
          font: palette.font,
          size: 22,
          gap: 4,
          space: 72,
          grid: { show: false },
          ticks: { stroke: palette.grid, size: 4, width: 1 },
          incrs: [...TIME_STEPS_MS],
          splits: (_plot, _axis, min, max, step) => timeTicks(min, max, step),
          values: (_plot, ticks, _axis, _space, step) => tickLabels(ticks, step),
        },
        {
          stroke: palette.text,
          font: palette.font,
          size: MARGIN_LEFT_PX,
          gap: 6,
          space: 28,
          grid: { stroke: palette.grid, width: 1 },
          ticks: { show: false },
          values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => options.formatTick(tick, step)),
          ...(options.valueSteps !== null && { incrs: [...options.valueSteps] }),
        },
      ],
      series: [{}, ...options.roles.flatMap((role) => seriesOf(role, palette))],
      bands: options.roles.flatMap((role, index) =>
        role === 'bound'
          ? []
          : [
              {
                series: [index * COLUMNS + 3, index * COLUMNS + 2] as [number, number],
                fill: bandFill(role, palette),
              },
            ],
      ),
      hooks: {
        drawClear: [(self) => content !== null && paintStretches(self, content.stretches, hatch)],
        draw: [
          (self) => content?.firing !== undefined && paintFiring(self, content.firing, palette),
          (self) => content !== null && paintLimits(self, content.limits, palette),
          (self) => content?.outlook != null && paintOutlook(self, content.outlook, palette),
        ],
        setCursor: [
          (self) => {
            if (led) return
            const { left } = self.cursor
            options.onPoint(left === undefined || left < 0 ? null : self.posToVal(left, 'x'))
          },
        ],
        setSelect: [
          (self) => {
            const { left, width: dragged } = self.select
            if (dragged < 6) return
            options.onSelect({ from: self.posToVal(left, 'x'), to: self.posToVal(left + dragged, 'x') })
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
          },
        ],
      },
    },
    [[], ...options.roles.flatMap(() => [[], [], []])],
    target,
  )
  hatch = createHatch(plot.ctx, palette.hatch)

  return {
    show(next) {
      content = next
      plot.setData(alignColumns(next.series, next.stretches, next.gapMs), true)
    },
    point(moment) {
      led = true
      const left = moment === null ? -10 : plot.valToPos(moment, 'x')
      plot.setCursor({ left, top: moment === null ? -10 : 0 }, false)
      led = false
    },
    resize(next) {
      if (next !== plot.width) plot.setSize({ width: next, height: options.height })
    },
    destroy() {
      plot.destroy()
    },
  }
}

function seriesOf(role: ChartSeries['role'], palette: Palette): uPlot.Series[] {
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } }
  return [
    {
      stroke: palette[role],
      width: role === 'primary' ? 1.5 : 1.25,
      ...(role === 'bound' && { dash: [6, 3] }),
      ...(role === 'third' && { dash: [2, 2] }),
      points: {
        show: true,
        size: 4,
        stroke: palette[role],
        fill: palette[role],
        filter: (self, index) => lonePoints(self.data[index] as (number | null | undefined)[]),
      },
    },
    edge,
    { ...edge },
  ]
}

function isEdge(seriesIndex: number): boolean {
  return seriesIndex === 0 || (seriesIndex - 1) % COLUMNS !== 0
}

function roleAt(roles: readonly ChartSeries['role'][], seriesIndex: number): ChartSeries['role'] {
  return roles[Math.floor((seriesIndex - 1) / COLUMNS)] ?? 'primary'
}

function bandFill(role: ChartSeries['role'], palette: Palette): string {
  return role === 'primary' ? palette.band : 'transparent'
}
