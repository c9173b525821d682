/** That nobody would hear of what is critical, before the first alert shows it; nothing where somebody would. */
import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useUnheard } from '../client/unheard.ts'
import { StatusGlyph } from '../components/StatusGlyph.tsx'
import { places } from '../places.ts'
import classes from './Header.module.css'

export function Unheard() {
  const { t } = useTranslation()
  const unheard = useUnheard()
  if (unheard === null) return null
  return (
    <Tooltip
      label={unheard.text}
      multiline
      maw={360}
      events={{ hover: true, focus: true, touch: true }}
      withinPortal={false}
    >
      <Link href={places.settings('channels')} className={classes.unheard}>
        <StatusGlyph status="WARNING" size={12} />
        <span>{t(unheard.inPart ? 'shell.unheard-some' : 'shell.unheard')}</span>
      </Link>
    </Tooltip>
  )
}
