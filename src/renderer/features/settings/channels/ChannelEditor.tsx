/** Adds a channel, or edits one: waits for what is on record, then hands it to the form. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import classes from '../settings.module.css'
import { ChannelForm } from './ChannelForm.tsx'

/** @param name the channel that is edited; `null` for a new one */
export function ChannelEditor({ name }: { name: string | null }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  // Fetched once and anew: what is being typed must not be replaced by a later answer.
  const list = useQuery(
    useApi().channels.list.queryOptions({ gcTime: 0, staleTime: Number.POSITIVE_INFINITY }),
  )
  const known = list.data?.items.find(({ channel }) => channel.name === name)?.channel ?? null
  const face = useListFace(list, () => name !== null && known === null)
  const back = () => go(places.settings('channels'))
  return (
    <>
      <div className={classes.head}>
        <h1>{name === null ? t('channels.add') : t('channels.edit-title', { name })}</h1>
      </div>
      <ListFaces
        face={name === null ? { kind: 'full' } : face}
        rowHeight={48}
        errorTitle={t('channels.failed')}
        empty={{ title: t('channels.gone-title'), text: t('channels.gone-text') }}
      >
        <ChannelForm initial={known} replaces={name} onSaved={back} onCancel={back} />
      </ListFaces>
    </>
  )
}
