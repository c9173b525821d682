/** What a chart can be taken along as: a picture that is saved or copied, or its points as CSV. */
import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { stretchText } from '../moment.ts'
import { fileNameOf, saveFile } from '../save-file.ts'
import { toCsv } from '../table/csv.ts'
import { chartCsv } from './chart-csv.ts'
import classes from './charts.module.css'
import { laneRuns } from './lanes.ts'
import type { ChartMark } from './marks.ts'
import { readPalette } from './palette.ts'
import { drawPicture, type PictureBody } from './picture.ts'
import type { PlotContent } from './plot.ts'

/** More would make a picture of words. */
const MARKS_TOLD = 8

const UNITS = {
  percent: 'unit.percent',
  bytes: 'unit.bytes',
  seconds: 'unit.seconds',
  milliseconds: 'unit.milliseconds',
  days: 'unit.days',
  'per-second': 'unit.per-second',
  'per-minute': 'unit.per-minute',
} as const

interface Props {
  readonly title: string
  /** What the chart is of: `api-prod · Connection pool`. */
  readonly source: string
  readonly content: PlotContent
  readonly marks: readonly ChartMark[]
  readonly limits: string
  /** Of the figures; `null` of flags. */
  readonly unit: MetricUnit | null
  /** Of a chart of lanes: how long a point speaks. */
  readonly laneStepMs: number | null
  readonly write: (value: number | null) => string
}

export function ChartMenu({ title, source, content, marks, limits, unit, laneStepMs, write }: Props) {
  const { t, i18n } = useTranslation()
  const button = useRef<HTMLButtonElement>(null)
  const label = t('chart.take-along', { title })
  const name = source === '' ? title : `${source} · ${title}`
  const { series, window, stretches, gapMs } = content

  async function picture(): Promise<Blob> {
    const figure = button.current?.closest('figure') ?? null
    const body = figure === null ? null : bodyOf(figure)
    if (figure === null || body === null) throw new Error(t('chart.picture-none'))
    const palette = readPalette(figure)
    const style = getComputedStyle(figure)
    const within = marks.filter(({ at }) => at >= window.from && at <= window.to)
    const told = within.slice(0, MARKS_TOLD).map(({ text }) => `▾ ${text}`)
    return drawPicture({
      words: {
        title: name,
        subtitle: stretchText(i18n.language, window),
        legend: series.map((line) => ({ text: `${line.label} ${write(line.latest)}`, role: line.role })),
        notes: [
          ...(limits === '' ? [] : [limits]),
          ...told,
          ...(within.length > told.length
            ? [t('chart.picture-more', { count: within.length - told.length })]
            : []),
        ],
      },
      colors: {
        palette,
        ground: style.getPropertyValue('--surface').trim(),
        strong: style.getPropertyValue('--text-strong').trim(),
      },
      body,
      window,
      marks: within.map(({ at }) => at),
    })
  }

  function bodyOf(figure: Element): PictureBody | null {
    if (laneStepMs !== null) {
      const lanes = series.map((line) => ({ label: line.label, runs: laneRuns(line, gapMs, laneStepMs) }))
      return { kind: 'lanes', lanes, stretches, width: figure.clientWidth }
    }
    const canvas = figure.querySelector('canvas')
    return canvas === null ? null : { kind: 'canvas', canvas }
  }

  const tell = (failed: unknown) =>
    notifications.show({
      color: 'red',
      title: t('chart.picture-failed'),
      message: failed instanceof Error ? failed.message : String(failed),
    })

  async function save() {
    saveFile(fileNameOf(name, new Date(), 'png'), await picture())
  }

  async function copy() {
    // The promise goes in, not the picture: a browser lets pages write only while it still knows of the press.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture() })])
    notifications.show({ message: t('chart.picture-copied', { title }) })
  }

  function saveCsv() {
    const key = unit === null || !(unit in UNITS) ? null : UNITS[unit as keyof typeof UNITS]
    const table = chartCsv(series, {
      time: t('chart.time'),
      of: { min: t('chart.min'), mean: t('chart.mean'), max: t('chart.max') },
      unit: key === null ? '' : t(key),
    })
    saveFile(fileNameOf(name, new Date(), 'csv'), `\uFEFF${toCsv(table)}`, 'text/csv;charset=utf-8')
  }

  return (
    <Menu position="bottom-end" withinPortal transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button ref={button} type="button" className={classes.tableToggle} aria-label={label} title={label}>
          <svg
            width="14"
            height="14"
            viewBox="0 0 14 14"
            fill="none"
            stroke="currentColor"
            aria-hidden="true"
          >
            <path d="M7 1.5v7M4 5.8l3 3 3-3M1.5 9.5v3h11v-3" />
          </svg>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save().catch(tell)}>{t('chart.picture-save')}</Menu.Item>
        {/* Clipboards are for pages over TLS and on this machine. */}
        {isSecureContext && (
          <Menu.Item onClick={() => void copy().catch(tell)}>{t('chart.picture-copy')}</Menu.Item>
        )}
        <Menu.Item onClick={saveCsv}>{t('chart.csv-save')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
