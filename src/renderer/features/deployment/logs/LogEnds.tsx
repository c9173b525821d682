/** Where the lines that are shown end, on either side, why there, and how to go on. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LogDirection } from '#shared/model/logs.ts'
import { clock } from '../../../components/moment.ts'
import type { End } from './book.ts'
import classes from './logs.module.css'

interface Props {
  readonly direction: LogDirection
  readonly end: End
  readonly isPending: boolean
  readonly onMore: (direction: LogDirection) => void
}

export function LogEnd({ direction, end: { stopped, reached, cursor }, isPending, onMore }: Props) {
  const { t, i18n } = useTranslation()
  const isCut = stopped === 'bytes' || stopped === 'time'
  const time = reached === null ? null : clock(i18n.language, 'recent').format(reached)
  const canGoOn = cursor !== null && (stopped === 'lines' || isCut)
  return (
    <div className={classes.end}>
      {canGoOn && (
        <Button
          variant="default"
          size="compact-xs"
          aria-disabled={isPending}
          onClick={() => {
            if (!isPending) onMore(direction)
          }}
        >
          {isPending ? t('logs.loading') : t(isCut ? `logs.search-${direction}` : `logs.${direction}`)}
        </Button>
      )}
      {isCut && time !== null && <span>{t(`logs.reached-${direction}`, { time })}</span>}
      {stopped === 'end' && <span>{t(`logs.end-${direction}`)}</span>}
      {stopped === 'window' && <span>{t(`logs.window-${direction}`)}</span>}
    </div>
  )
}
