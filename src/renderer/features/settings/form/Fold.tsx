/** Fields that few need, folded away under what they are about and what they say at present; open while one is faulty. */
import { type ReactNode, use, useState } from 'react'
import classes from './form.module.css'
import type { FormState } from './form-state.ts'
import { SoughtField } from './sought-field.ts'

interface Props {
  readonly form: FormState
  readonly title: string
  /** What the fields say at present, in a few words. */
  readonly summary: string
  /** Paths that the fields are below. */
  readonly paths: readonly string[]
  readonly children: ReactNode
}

export function Fold({ form, title, summary, paths, children }: Props) {
  const holds = (field: string) => paths.some((path) => field === path || field.startsWith(`${path}.`))
  const sought = use(SoughtField)
  const [opened, setOpened] = useState(sought !== null && holds(sought))
  const faulty = Object.keys(form.errors).some(holds)
  const open = opened || faulty
  return (
    <details className={classes.fold} open={open} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        <span>{title}</span>
        <span className={classes.foldSummary}>{summary}</span>
      </summary>
      {open && <div className={classes.foldBody}>{children}</div>}
    </details>
  )
}
