/** The hand-over of a shift: the time that it is of, the document, and notes that are added to it. */
import { Button, CopyButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { fileNameOf, saveFile } from '../../../components/save-file.ts'
import { DocumentView } from './DocumentView.tsx'
import classes from './handover.module.css'
import { Notes } from './Notes.tsx'
import { type Choice, PeriodBar } from './PeriodBar.tsx'
import { endingAt } from './period.ts'

export function HandoverSection() {
  const { t } = useTranslation()
  const [choice, setChoice] = useState<Choice>('8h')
  const [period, setPeriod] = useState(() => endingAt('8h', Date.now()))
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  const query = useQuery(
    useApi().handover.get.queryOptions({
      input: { ...period, timeZone },
      enabled: period.from < period.to,
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: (before) => before,
    }),
  )
  const face = useListFace(query)
  // A file is answered only where one is asked for.
  const told = query.data instanceof File ? undefined : query.data

  function asOfNow() {
    const now = Date.now()
    // What was written a moment ago is within.
    setPeriod(
      choice === 'own'
        ? { from: Math.min(period.from, now - 60_000), to: now + 1_000 }
        : endingAt(choice, now + 1_000),
    )
  }

  return (
    <div className={classes.section}>
      <div className={classes.bar}>
        <PeriodBar
          choice={choice}
          period={period}
          onChange={(chosen, next) => {
            setChoice(chosen)
            setPeriod(next)
          }}
        />
        <div className={classes.actions}>
          <Button variant="default" size="xs" onClick={asOfNow} loading={query.isFetching}>
            {t('handover.refresh')}
          </Button>
          <CopyButton value={told?.markdown ?? ''}>
            {({ copied, copy }) => (
              <Button variant="default" size="xs" onClick={copy} disabled={told === undefined}>
                {t(copied ? 'handover.copied' : 'handover.copy')}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            size="xs"
            disabled={told === undefined}
            onClick={() =>
              saveFile(
                fileNameOf(t('handover.file'), new Date(period.to), 'md'),
                told?.markdown ?? '',
                'text/markdown',
              )
            }
          >
            {t('handover.save')}
          </Button>
          <Button variant="default" size="xs" disabled={told === undefined} onClick={() => window.print()}>
            {t('handover.print')}
          </Button>
        </div>
      </div>
      <div className={classes.columns}>
        <ListFaces face={face} rowHeight={28} skeletonRows={12} errorTitle={t('handover.failed')}>
          {told !== undefined && <DocumentView blocks={told.document} label={t('handover.document')} />}
        </ListFaces>
        <Notes notes={told?.notes ?? []} onAdded={asOfNow} />
      </div>
    </div>
  )
}
