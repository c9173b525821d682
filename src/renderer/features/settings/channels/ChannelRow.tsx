/** A channel in the list: what it gets, how its last message fared, and what can be done with it. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outputs } from '../../../client/client.ts'
import { Moment } from '../../../components/Moment.tsx'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { places } from '../../../places.ts'
import classes from '../settings.module.css'
import { AlertmanagerTie } from './AlertmanagerTie.tsx'
import { OUTCOMES } from './ChannelAnswer.tsx'
import own from './channels.module.css'
import { RemoveChannel } from './RemoveChannel.tsx'
import { TestChannel } from './TestChannel.tsx'

export type ChannelItem = Outputs['channels']['list']['items'][number]

export function ChannelRow({ item }: { item: ChannelItem }) {
  const { t } = useTranslation()
  const { channel } = item
  const { name, kind, enabled, everything } = channel
  return (
    <tr>
      <th scope="row">
        <Link href={places.settings(`channels/edit:${name}`)}>{name}</Link>
      </th>
      <td>{t(`channels.kind-${kind}`)}</td>
      <td>
        {enabled ? (
          t(everything ? 'channels.gets-everything' : 'channels.gets-named')
        ) : (
          <span className={classes.quiet}>{t('channels.off')}</span>
        )}
      </td>
      <td>
        <Latest item={item} />
        {item.alertmanager !== null && <AlertmanagerTie tie={item.alertmanager} />}
      </td>
      <td className={classes.end}>
        <div>
          <TestChannel channel={channel} />
          <Button
            variant="default"
            size="compact-xs"
            component={Link}
            href={places.settings(`channels/edit:${name}`)}
            aria-label={t('channels.edit-name', { name })}
          >
            {t('channels.edit')}
          </Button>
          <RemoveChannel name={name} waiting={item.waiting} />
        </div>
      </td>
    </tr>
  )
}

function Latest({ item: { latest, waiting } }: { item: ChannelItem }) {
  const { t } = useTranslation()
  const waits = waiting > 0 && (
    <span className={classes.quiet}>{t('channels.waiting', { count: waiting })}</span>
  )
  if (latest === null) {
    return <span className={classes.quiet}>{waits || t('channels.never')}</span>
  }
  const { status, failure } = latest.answer
  return (
    <>
      <div className={own.latest}>
        <StatusGlyph status={OUTCOMES[status]} />
        <span>{t(`channels.outcome-${status}`)}</span>
        <Moment at={Date.parse(latest.at)} show="relative" />
        {waits}
      </div>
      {failure !== null && <p className={own.why}>{failure.text}</p>}
    </>
  )
}
