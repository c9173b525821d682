/** A line to be typed or run elsewhere, as it is, with a button that copies it. */
import { Button, CopyButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './CopyLine.module.css'

interface Props {
  readonly text: string
  /** What is copied, for those who do not see it: `Fingerprint of bastion:22`. */
  readonly label: string
}

export function CopyLine({ text, label }: Props) {
  const { t } = useTranslation()
  return (
    <span className={classes.line}>
      <code>{text}</code>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={copied ? t('copy.done-of', { label }) : t('copy.do-of', { label })}
            onClick={copy}
          >
            {t(copied ? 'copy.done' : 'copy.do')}
          </Button>
        )}
      </CopyButton>
    </span>
  )
}
