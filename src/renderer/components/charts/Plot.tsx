/** A plot on a canvas: made when it comes into view, fed while it is there, and taken down with its element. */
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import 'uplot/dist/uPlot.min.css'
import classes from './charts.module.css'
import type { ChartCursor } from './cursor.ts'
import { readPalette } from './palette.ts'
import { createPlot, type PlotContent, type Plot as PlotHandle } from './plot.ts'
import type { Stretch } from './series.ts'
import type { ValueScale } from './value-scale.ts'

const HEIGHT_PX = 132

interface Props {
  readonly content: PlotContent
  readonly scale: ValueScale
  /** What the picture shows, for those who do not see it. */
  readonly label: string
  readonly formatTick: (value: number, step: number) => string
  readonly valueSteps?: readonly number[] | null
  readonly cursor: ChartCursor
  readonly onSelect: (stretch: Stretch) => void
}

/** The theme, the language and the set of lines are what a plot is made of: another one, another plot. */
export function Plot(props: Props) {
  const { i18n } = useTranslation()
  const theme = useComputedColorScheme('dark')
  const roles = props.content.series.map(({ role }) => role).join(' ')
  return <Canvas key={`${theme} ${i18n.language} ${roles}`} {...props} language={i18n.language} />
}

function Canvas({
  content,
  scale,
  label,
  formatTick,
  cursor,
  onSelect,
  language,
  valueSteps = null,
}: Props & { language: string }) {
  const box = useRef<HTMLDivElement>(null)
  const handle = useRef<PlotHandle | null>(null)
  const newest = useRef({ content, formatTick, onSelect })
  const [visible, setVisible] = useState(false)

  useLayoutEffect(() => {
    newest.current = { content, formatTick, onSelect }
    handle.current?.show(content)
  })

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new IntersectionObserver(
      (entries) => setVisible(entries.some((entry) => entry.isIntersecting)),
      { rootMargin: '200px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    const element = box.current
    if (element === null || !visible) return
    const plot = createPlot(element, element.clientWidth, {
      roles: newest.current.content.series.map(({ role }) => role),
      scale,
      language,
      palette: readPalette(element),
      height: HEIGHT_PX,
      formatTick: (value, step) => newest.current.formatTick(value, step),
      valueSteps,
      onPoint: cursor.set,
      onSelect: (stretch) => newest.current.onSelect(stretch),
    })
    plot.show(newest.current.content)
    handle.current = plot
    const resizer = new ResizeObserver(() => plot.resize(element.clientWidth))
    resizer.observe(element)
    const leave = cursor.subscribe(() => plot.point(cursor.get()))
    return () => {
      leave()
      resizer.disconnect()
      handle.current = null
      plot.destroy()
    }
  }, [visible, scale, language, cursor, valueSteps])

  return <div ref={box} className={classes.plot} role="img" aria-label={label} />
}
