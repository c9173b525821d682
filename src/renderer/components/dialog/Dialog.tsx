/** The frame of a dialog: its title, what stands in it, and a way out that is named. */
import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './dialog.module.css'

interface Props {
  readonly title: string
  readonly opened?: boolean
  readonly size?: 'md' | 'lg' | 'xl'
  /** It is not left by the way but by a button of what stands in it: what it shows is not shown again, or is being done. */
  readonly isHeld?: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Dialog({ title, opened = true, size = 'md', isHeld = false, onClose, children }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      size={size}
      onClose={onClose}
      closeOnClickOutside={!isHeld}
      closeOnEscape={!isHeld}
      title={title}
      closeButtonProps={{ 'aria-label': t('settings.close'), disabled: isHeld }}
    >
      <div className={classes.body}>{children}</div>
    </Modal>
  )
}
