/** The buttons of a dialog, at its end: they stay in view where it is higher than its window. */
import type { ReactNode } from 'react'
import classes from './dialog.module.css'

export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={classes.buttons}>{children}</div>
}
