/** The channels of this console: where each leads, how it does, a test, and the form. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { SettingsTable } from '../SettingsTable.tsx'
import classes from '../settings.module.css'
import { BrowserNotes } from './BrowserNotes.tsx'
import { ChannelRow } from './ChannelRow.tsx'
import { ConsoleAddress } from './ConsoleAddress.tsx'
import { HeartbeatsSection } from './HeartbeatsSection.tsx'
import { UnheardNote } from './UnheardNote.tsx'

/** What is sent is seen here without anybody asking for it. */
const LOOK_EVERY_MS = 5_000

export function ChannelsSection() {
  const { t } = useTranslation()
  const list = useQuery(useApi().channels.list.queryOptions({ staleTime: 0, refetchInterval: LOOK_EVERY_MS }))
  const face = useListFace(list, (data) => data.items.length === 0)
  const items = list.data?.items ?? []
  const add = (
    <Button component={Link} href={places.settings('channels/new')}>
      {t('channels.add')}
    </Button>
  )
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.channels')}</h1>
        {items.length > 0 && add}
      </div>
      <p className={classes.text}>{t('channels.explains')}</p>
      <UnheardNote />
      <ConsoleAddress />
      <BrowserNotes />
      <ListFaces
        face={face}
        rowHeight={48}
        skeletonRows={3}
        errorTitle={t('channels.failed')}
        empty={{ title: t('channels.empty-title'), text: t('channels.empty-text'), action: add }}
      >
        <SettingsTable
          columns={[t('form.name'), t('channels.kind'), t('channels.gets'), t('channels.latest')]}
        >
          {items.map((item) => (
            <ChannelRow key={item.channel.name} item={item} />
          ))}
        </SettingsTable>
      </ListFaces>
      <HeartbeatsSection />
    </>
  )
}
