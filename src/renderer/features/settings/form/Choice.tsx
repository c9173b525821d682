/** A choice of the form that decides which fields there are: its options side by side, by arrow keys too. */
import { SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import classes from './form.module.css'
import type { FormState } from './form-state.ts'

interface Props<T extends string> {
  readonly form: FormState
  /** Path of the value in the form. */
  readonly path: string
  readonly label: string
  readonly options: readonly { readonly value: T; readonly label: string }[]
  /** What the option that is chosen means. */
  readonly hint?: string
}

export function Choice<T extends string>({ form, path, label, options, hint }: Props<T>) {
  const id = useId()
  const { value, onChange } = form.getInputProps(path)
  return (
    <div data-span="12" className={classes.choice}>
      <span id={id}>{label}</span>
      <SegmentedControl aria-labelledby={id} data={[...options]} value={value} onChange={onChange} />
      {hint !== undefined && <span className={classes.foldSummary}>{hint}</span>}
    </div>
  )
}
