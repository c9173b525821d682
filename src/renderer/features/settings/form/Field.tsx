/** A field of the form at its path: how wide it is in the grid of twelve, and nothing that a browser fills in. */
import { NumberInput, type NumberInputProps, TextInput, type TextInputProps } from '@mantine/core'
import type { FormState } from './form-state.ts'

interface Place {
  readonly form: FormState
  /** Path of the value in the form. */
  readonly path: string
  /** Twelfths of the width. */
  readonly span: 2 | 3 | 4 | 6 | 8 | 12
}

export function TextField({ form, path, span, ...input }: Place & Omit<TextInputProps, keyof Place>) {
  return (
    <div data-span={span}>
      <TextInput autoComplete="off" spellCheck={false} {...input} {...form.getInputProps(path)} />
    </div>
  )
}

export function NumberField({ form, path, span, ...input }: Place & Omit<NumberInputProps, keyof Place>) {
  return (
    <div data-span={span}>
      <NumberInput hideControls {...input} {...form.getInputProps(path)} />
    </div>
  )
}
