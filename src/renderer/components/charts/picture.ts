/** A chart as a picture of its own: title, stretch of time, legend, plot and what happened meanwhile, on the theme's ground. */
import type { LaneRun } from './lanes.ts'
import { createHatch } from './paint.ts'
import type { Palette } from './palette.ts'
import { MARGIN_LEFT_PX, MARGIN_RIGHT_PX } from './plot.ts'
import type { ChartSeries, Stretch } from './series.ts'

export interface PictureWords {
  readonly title: string
  /** From when to when, with the zone: whoever gets the picture sits elsewhere. */
  readonly subtitle: string
  readonly legend: readonly { readonly text: string; readonly role: ChartSeries['role'] }[]
  /** What the picture shows beside its lines: limits, and what happened. */
  readonly notes: readonly string[]
}

export interface PictureColors {
  readonly palette: Palette
  readonly ground: string
  readonly strong: string
}

/** What is drawn: a canvas as it is, or lanes of flags. */
export type PictureBody =
  | { readonly kind: 'canvas'; readonly canvas: HTMLCanvasElement }
  | {
      readonly kind: 'lanes'
      readonly lanes: readonly { readonly label: string; readonly runs: readonly LaneRun[] }[]
      readonly stretches: readonly Stretch[]
      readonly width: number
    }

interface Options {
  readonly words: PictureWords
  readonly colors: PictureColors
  readonly body: PictureBody
  readonly window: Stretch
  /** Moments that are marked, milliseconds since the epoch. */
  readonly marks: readonly number[]
}

const EDGE = 14
const LINE = 17
const LANE = 30
const SWATCH = 14

/** @returns a PNG at the density of the screen; rejects where the browser cannot draw it */
export function drawPicture({ words, colors, body, window, marks }: Options): Promise<Blob> {
  const { palette, ground, strong } = colors
  const density = devicePixelRatio
  const family = palette.font.replace(/^\S+ /, '')
  const bodyWidth = body.kind === 'canvas' ? body.canvas.width / density : body.width
  const bodyHeight = body.kind === 'canvas' ? body.canvas.height / density : body.lanes.length * LANE
  const paper = document.createElement('canvas')
  const pen = paper.getContext('2d')
  if (pen === null) return Promise.reject(new Error('This browser gives no canvas'))
  const font = (weight: number, size: number) => `${weight} ${size}px ${family}`

  pen.font = font(400, 12)
  const legend = flow(
    words.legend.map(({ text }) => pen.measureText(text).width + SWATCH + 20),
    bodyWidth,
  )
  const legendRows = (legend.at(-1)?.row ?? -1) + 1
  pen.font = font(400, 11)
  const inLines = (text: string) => wrap(text, bodyWidth, (line) => pen.measureText(line).width)
  const notes = words.notes.flatMap(inLines)
  const subtitle = inLines(words.subtitle)
  const legendTop = EDGE + (1 + subtitle.length) * LINE
  const top = legendTop + legendRows * LINE + 6

  paper.width = Math.round((bodyWidth + 2 * EDGE) * density)
  paper.height = Math.round(
    (top + bodyHeight + notes.length * LINE + (notes.length > 0 ? 6 : 0) + EDGE) * density,
  )
  pen.scale(density, density)
  pen.fillStyle = ground
  pen.fillRect(0, 0, paper.width, paper.height)
  pen.textBaseline = 'middle'

  const say = (text: string, x: number, line: number, style: string, color: string) => {
    pen.font = style
    pen.fillStyle = color
    pen.fillText(text, x, line)
  }
  say(words.title, EDGE, EDGE + LINE / 2, font(600, 13), strong)
  subtitle.forEach((line, index) => {
    say(line, EDGE, EDGE + LINE * (index + 1.5), font(400, 11), palette.text)
  })
  words.legend.forEach(({ text, role }, index) => {
    const { x = 0, row = 0 } = legend[index] ?? {}
    const y = legendTop + LINE * (row + 0.5)
    drawSwatch(pen, palette[role], role, EDGE + x, y)
    say(text, EDGE + x + SWATCH + 5, y, font(400, 12), strong)
  })

  if (body.kind === 'canvas') pen.drawImage(body.canvas, EDGE, top, bodyWidth, bodyHeight)
  else drawLanes(pen, body, palette, window, EDGE, top, font(400, 11))
  drawMarks(pen, marks, window, palette.text, EDGE, top, bodyWidth, bodyHeight)
  notes.forEach((note, index) => {
    say(note, EDGE, top + bodyHeight + 6 + LINE * (index + 0.5), font(400, 11), palette.text)
  })
  return new Promise((resolve, reject) =>
    paper.toBlob(
      (blob) => (blob === null ? reject(new Error('This browser draws no PNG')) : resolve(blob)),
      'image/png',
    ),
  )
}

/** Where things of the given widths stand, left to right, in rows of at most `room`. */
export function flow(widths: readonly number[], room: number): { x: number; row: number }[] {
  let x = 0
  let row = 0
  return widths.map((width) => {
    if (x > 0 && x + width > room) {
      x = 0
      row += 1
    }
    const place = { x, row }
    x += width
    return place
  })
}

/** A text in lines of at most `room`, broken between words. */
export function wrap(text: string, room: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = last === undefined ? word : `${last} ${word}`
    if (last === undefined || widthOf(longer) > room) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

function drawSwatch(
  pen: CanvasRenderingContext2D,
  color: string,
  role: ChartSeries['role'],
  x: number,
  y: number,
): void {
  pen.save()
  pen.strokeStyle = color
  pen.lineWidth = 2
  pen.setLineDash(role === 'bound' ? [5, 3] : role === 'third' ? [2, 2] : [])
  pen.beginPath()
  pen.moveTo(x, y)
  pen.lineTo(x + SWATCH, y)
  pen.stroke()
  pen.restore()
}

function drawLanes(
  pen: CanvasRenderingContext2D,
  { lanes, stretches, width }: Extract<PictureBody, { kind: 'lanes' }>,
  palette: Palette,
  window: Stretch,
  left: number,
  top: number,
  font: string,
): void {
  const hatch = createHatch(pen, palette.hatch)
  const from = left + MARGIN_LEFT_PX
  const room = width - MARGIN_LEFT_PX - MARGIN_RIGHT_PX
  const at = (moment: number) => from + room * Math.min(1, Math.max(0, shareOf(moment, window)))
  lanes.forEach(({ label, runs }, index) => {
    const y = top + index * LANE + (LANE - 18) / 2
    pen.font = font
    pen.fillStyle = palette.text
    pen.fillText(label, left, y + 9, MARGIN_LEFT_PX - 6)
    pen.fillStyle = hatch
    for (const stretch of stretches) pen.fillRect(at(stretch.from), y, at(stretch.to) - at(stretch.from), 18)
    for (const run of runs) {
      if (run.state === 'unknown') continue
      const quiet = run.state === 'yes'
      pen.fillStyle = palette[quiet ? 'second' : run.state === 'partly' ? 'warning' : 'critical']
      pen.fillRect(at(run.from), quiet ? y + 6 : y, Math.max(1, at(run.to) - at(run.from)), quiet ? 6 : 18)
    }
  })
}

function drawMarks(
  pen: CanvasRenderingContext2D,
  marks: readonly number[],
  window: Stretch,
  color: string,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  pen.save()
  pen.strokeStyle = color
  pen.fillStyle = color
  pen.setLineDash([3, 3])
  for (const moment of marks) {
    const share = shareOf(moment, window)
    if (share < 0 || share > 1) continue
    const x = left + MARGIN_LEFT_PX + (width - MARGIN_LEFT_PX - MARGIN_RIGHT_PX) * share
    pen.beginPath()
    pen.moveTo(x, top)
    pen.lineTo(x, top + height)
    pen.stroke()
    pen.beginPath()
    pen.moveTo(x - 4, top - 5)
    pen.lineTo(x + 4, top - 5)
    pen.lineTo(x, top + 1)
    pen.fill()
  }
  pen.restore()
}

function shareOf(moment: number, { from, to }: Stretch): number {
  return (moment - from) / (to - from)
}
