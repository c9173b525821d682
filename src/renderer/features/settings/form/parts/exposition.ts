/** An exposition of the profile, and what is kept of it, in the form. */
import type { Exposition, KeptMetric } from '#shared/model/profile/exposition.ts'
import { type BoundsDraft, boundsDraft, boundsOf } from './bounds.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { newScrape, type ScrapeDraft, scrapeDraft, scrapeOf } from './scrape.ts'

export interface KeptMetricDraft extends BoundsDraft {
  metric: string
  /** Labels, separated by spaces. */
  by: string
  most: number | ''
  kept: Kept
}

export interface ExpositionDraft extends ScrapeDraft {
  name: string
  keep: KeptMetricDraft[]
}

export const newKeptMetric = (): KeptMetricDraft => ({
  ...keptMetricDraft({ metric: '', by: [], where: {}, fold: 'sum', most: 10 }),
  kept: NOTHING_KEPT,
})

export const newExposition = (): ExpositionDraft => ({ name: '', ...newScrape(), keep: [newKeptMetric()] })

export function expositionDraft(exposition: Exposition): ExpositionDraft {
  return {
    name: exposition.name,
    ...scrapeDraft(exposition),
    keep: exposition.keep.map(keptMetricDraft),
    kept: exposition,
  }
}

function keptMetricDraft(one: KeptMetric): KeptMetricDraft {
  return { metric: one.metric, by: one.by.join(' '), most: one.most, ...boundsDraft(one), kept: one }
}

export function expositionOf(draft: ExpositionDraft): Record<string, unknown> {
  return scrapeOf(draft, { name: draft.name.trim(), keep: draft.keep.map(keptMetricOf) })
}

function keptMetricOf(draft: KeptMetricDraft): Record<string, unknown> {
  const { metric, by, most, kept } = draft
  const labels = by.split(/[\s,]+/).filter((label) => label !== '')
  const fields = {
    metric: metric.trim(),
    by: labels.length > 0 || kept.by !== undefined ? labels : undefined,
    most,
    ...boundsOf(draft),
  }
  return onTop(kept, fields, ['metric'])
}
