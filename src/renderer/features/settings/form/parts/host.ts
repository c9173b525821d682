/** A watched machine in the form. */
import type { Host } from '#shared/model/profile/host.ts'
import { type HopDraft, hopDraft, hopOf } from './hop.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { newScrape, type ScrapeDraft, scrapeDraft, scrapeOf } from './scrape.ts'

export interface HostDraft {
  name: string
  over: Host['over']
  /** A further hop from the end of the chain; `null` where the host is that end. */
  hop: HopDraft | null
  /** What tells of it, where that is a node exporter. */
  exporter: ScrapeDraft
  /** Mount points, separated by spaces. */
  disks: string
  kept: Kept
}

export const newHost = (name: string, over: HostDraft['over']): HostDraft => ({
  ...hostDraft({ name, over, disks: ['/'] }),
  kept: NOTHING_KEPT,
})

export function hostDraft(host: Host): HostDraft {
  return {
    name: host.name,
    over: host.over,
    hop: host.hop === undefined ? null : hopDraft(host.hop),
    exporter: host.exporter === undefined ? newScrape() : scrapeDraft(host.exporter),
    // A mount point may hold spaces: such are escaped as in /proc/mounts.
    disks: host.disks.map((disk) => disk.replaceAll(' ', '\\040')).join(' '),
    kept: host,
  }
}

export function hostOf({ name, over, hop, exporter, disks, kept }: HostDraft): Record<string, unknown> {
  const mounts = disks.split(/[\s,]+/).filter((mount) => mount !== '')
  return onTop(
    kept,
    {
      name: name.trim(),
      over,
      // What was typed for a further hop, or for an exporter, waits while the host is reached another way.
      hop: hop === null || over !== 'ssh' ? undefined : hopOf(hop),
      exporter: over === 'node-exporter' ? scrapeOf(exporter) : undefined,
      disks: mounts.length > 0 ? mounts.map((mount) => mount.replaceAll('\\040', ' ')) : undefined,
    },
    ['name'],
  )
}
