/** A field of lines, each of which is one of something. */
import { Textarea } from '@mantine/core'
import type { FormState } from './form-state.ts'

interface Props {
  readonly form: FormState
  /** Path of the text in the form. */
  readonly path: string
  readonly label: string
  readonly hint: string
  readonly placeholder?: string
  readonly required?: boolean
  readonly span?: 6 | 12
}

export function LinesField({ form, path, hint, span = 6, ...input }: Props) {
  return (
    <div data-span={span}>
      <Textarea
        description={hint}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        {...input}
        {...form.getInputProps(path)}
      />
    </div>
  )
}
