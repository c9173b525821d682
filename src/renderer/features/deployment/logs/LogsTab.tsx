/** Logs, one at a time: at its end, which is followed, or around a moment; searched; a line opens to what it carries. */
import { Button, VisuallyHidden } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { type LogSource, placeOf } from '#shared/model/profile/log.ts'
import type { DeploymentView } from '../../../client/client.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useListFace } from '../../../client/list-face.ts'
import { useMay } from '../../../client/session.ts'
import { CopyLine } from '../../../components/CopyLine.tsx'
import { Kbd } from '../../../components/Kbd.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { places } from '../../../places.ts'
import { keysAreTaken } from '../../../shell/shortcuts.ts'
import sections from '../database/database.module.css'
import { Nothing } from '../database/Nothing.tsx'
import type { LogBook } from './book.ts'
import { LogBar, type LogFilter, WITHIN } from './LogBar.tsx'
import { LogEnd } from './LogEnds.tsx'
import { LogRows } from './LogRows.tsx'
import { linesTable } from './line-text.ts'
import classes from './logs.module.css'
import { logPlaceOf } from './place.ts'
import { useLog } from './use-log.ts'

interface Props {
  readonly name: string
  readonly view: DeploymentView
  /** What follows `logs/` in the address. */
  readonly part: string | null
}

export function LogsTab({ name, view: { profile, row }, part }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const { logs } = profile
  const place = logPlaceOf(part, logs)
  const at = place?.at ?? null

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      const wanted = /^[1-9]$/.test(event.key) ? logs[Number(event.key) - 1] : undefined
      if (wanted === undefined) return
      event.preventDefault()
      go(places.logs(name, wanted.name, at))
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [go, name, logs, at])

  if (place === null || row.paused) {
    const empty =
      place === null
        ? {
            title: t('logs.none-title'),
            text: t('logs.none-text'),
            action: <Link href={places.deploymentField(name, 'logs')}>{t('logs.none-add')}</Link>,
          }
        : { title: t('logs.paused-title'), text: t('logs.paused-text') }
    return (
      <ListFaces face={{ kind: 'empty' }} rowHeight={24} errorTitle="" empty={empty}>
        {null}
      </ListFaces>
    )
  }
  const source = logs.find((one) => one.name === place.source)
  if (source === undefined) return null
  return (
    <div className={classes.tab}>
      <nav className={sections.sections} aria-label={t('logs.sources', { name })}>
        {logs.map((one, index) => (
          <Link
            key={one.name}
            // The same moment in another log.
            href={places.logs(name, one.name, at)}
            className={sections.section}
            aria-current={one.name === source.name ? 'page' : undefined}
            aria-keyshortcuts={index < 9 ? String(index + 1) : undefined}
            title={placeOf(one)}
          >
            {one.name} {index < 9 && <Kbd keys={String(index + 1)} />}
          </Link>
        ))}
      </nav>
      <LogOf key={source.name} name={name} source={source} at={at} />
    </div>
  )
}

function LogOf({ name, source, at }: { name: string; source: LogSource; at: number | null }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const [filter, setFilter] = useState<LogFilter>({ search: '', level: null, within: 'any' })
  const [revealed, setRevealed] = useState(false)
  const errorText = useErrorText()
  const { search, level, within } = filter
  const following = at === null
  const { query, more, isPending, error } = useLog(
    { name, source: source.name, at, search, level, withinMs: WITHIN[within], revealed },
    following,
  )
  const face = useListFace(query)
  const book = query.data
  const onMoment = useCallback(
    (moment: number | null) => go(places.logs(name, source.name, moment)),
    [go, name, source.name],
  )
  const rowsKey = JSON.stringify([at, search, level, within, revealed])
  return (
    <section aria-label={t('logs.title', { source: source.name })} className={classes.tab}>
      <div className={classes.bar}>
        {/* The chosen log says it for those who see. */}
        <VisuallyHidden component="h2">{t('logs.title', { source: source.name })}</VisuallyHidden>
        <LogBar filter={filter} at={at} following={following} onFilter={setFilter} onMoment={onMoment} />
      </div>
      <div className={classes.bar}>
        <Values name={name} source={source.name} revealed={revealed} onRevealed={setRevealed} />
        {book !== undefined && <Summary name={name} source={source.name} book={book} />}
      </div>
      {error !== null && (
        <p role="alert" className={classes.notice}>
          {t('logs.more-failed')} {errorText(error)}
        </p>
      )}
      <ListFaces face={face} rowHeight={24} skeletonRows={16} headHeight={50} errorTitle={t('logs.failed')}>
        {book !== undefined && (
          <div>
            <Limits book={book} />
            <LogEnd direction="older" end={book.older} isPending={isPending} onMore={more} />
            {book.lines.length === 0 ? (
              <Nothing title={t('logs.nothing-title')} text={t('logs.nothing-text')} />
            ) : (
              <LogRows key={rowsKey} source={source.name} lines={book.lines} gaps={book.gaps} at={at} />
            )}
            {!following && <LogEnd direction="newer" end={book.newer} isPending={isPending} onMore={more} />}
          </div>
        )}
      </ListFaces>
    </section>
  )
}

function Summary({ name, source, book: { lines, last } }: { name: string; source: string; book: LogBook }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const ms = text(last.cost.ms, 'milliseconds')
  const bytes = text(last.cost.bytes, 'bytes')
  return (
    <>
      <span className={classes.quiet} role="status">
        {t('logs.shown', { count: lines.length })}
      </span>
      {lines.length > 0 && <CsvButton label={`${name} ${source}`} table={() => linesTable(lines)} />}
      <span className={classes.cost} title={t('logs.cost', { ms, rows: last.cost.rows, bytes })}>
        {ms} · {bytes}
      </span>
    </>
  )
}

function Limits({ book: { last } }: { book: LogBook }) {
  const { t } = useTranslation()
  return (
    <>
      {last.limited !== null && (
        <p className={classes.notice}>
          {t('logs.limited')} <CopyLine text={last.limited.grant} label={t('logs.grant')} />
        </p>
      )}
      {last.leftOut.length > 0 && (
        <p className={classes.notice}>{t('logs.left-out', { paths: last.leftOut.slice(0, 5).join(', ') })}</p>
      )}
    </>
  )
}

/** Whether values are shown; says before what goes on record. */
function Values({
  name,
  source,
  revealed,
  onRevealed,
}: {
  name: string
  source: string
  revealed: boolean
  onRevealed: (revealed: boolean) => void
}) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const reveal = useMutation({
    ...useApi().logs.reveal.mutationOptions({ gcTime: 0 }),
    onSuccess: () => onRevealed(true),
  })
  const until = revealed ? reveal.data?.until : undefined
  useEffect(() => {
    if (until === undefined) return
    const id = setTimeout(() => onRevealed(false), Math.max(0, until - Date.now() - 2_000))
    return () => clearTimeout(id)
  }, [until, onRevealed])
  return (
    <>
      <span className={classes.quiet}>{t(revealed ? 'logs.revealed' : 'logs.masked')}</span>
      {may && !revealed && (
        <Button
          variant="default"
          size="compact-xs"
          loading={reveal.isPending}
          title={t('logs.reveal-means')}
          onClick={() => reveal.mutate({ name, source })}
        >
          {t('logs.reveal')}
        </Button>
      )}
      {reveal.error !== null && <span role="alert">{errorText(reveal.error)}</span>}
    </>
  )
}
