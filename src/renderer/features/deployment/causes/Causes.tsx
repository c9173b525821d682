/** What a bad status comes from: a chain a cause, the one to look at first on top, its evidence one key away. */
import { VisuallyHidden } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Cause } from '#shared/model/cause.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'
import { keysAreTaken, letterOf } from '../../../shell/shortcuts.ts'
import { useLogsAt } from '../logs/logs-at.ts'
import { useLogsKey } from '../logs/use-logs-key.ts'
import { CauseLine } from './CauseLine.tsx'
import { CopyIncident } from './CopyIncident.tsx'
import classes from './causes.module.css'

/** More are a key away: who has to act reads one. */
const SHOWN = 3

interface Props {
  readonly row: FleetRow
  readonly causes: readonly Cause[]
  readonly observations: readonly Observation[]
}

export function Causes({ row, causes, observations }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  const [all, setAll] = useState(false)
  const first = causes[0] === undefined ? null : keyOf(causes[0])

  useEffect(() => {
    if (first === null) return
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      if (letterOf(event) !== 'e') return
      event.preventDefault()
      setOpen((before) => (before === first ? null : first))
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [first])

  const logsAt = useLogsAt()
  useLogsKey(() => {
    // The symptom's log tells first; it began when it was seen.
    const link = causes[0]?.links.find(({ since }) => since !== null)
    return link === undefined ? null : logsAt(link.since ?? 0, link)
  })

  if (causes.length === 0) return null
  const shown = all ? causes : causes.slice(0, SHOWN)
  return (
    <section className={classes.causes} aria-label={t('causes.title')}>
      {/* The tables of the evidence have headings of their own, which need one above them. */}
      <VisuallyHidden component="h2">{t('causes.title')}</VisuallyHidden>
      <ol className={classes.list}>
        {shown.map((cause, index) => (
          <CauseLine
            deployment={row.name}
            key={keyOf(cause)}
            cause={cause}
            opened={open === keyOf(cause)}
            hint={index === 0 ? 'e' : null}
            onToggle={() => setOpen((before) => (before === keyOf(cause) ? null : keyOf(cause)))}
          />
        ))}
      </ol>
      <div className={classes.copy}>
        <CopyIncident row={row} causes={causes} observations={observations} />
      </div>
      {causes.length > SHOWN && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)}>
          {all ? t('causes.fewer') : t('causes.more', { count: causes.length - SHOWN })}
        </button>
      )}
    </section>
  )
}

/** The same cause from one look to the next, though its words and numbers move. */
function keyOf({ links }: Cause): string {
  return links
    .map(({ reason, probe, target }) => `${probe}/${target}/${reason.code}/${reason.params.pid ?? ''}`)
    .join()
}
