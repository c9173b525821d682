/** The field that narrows a list down by words: `/` leads to it, `Escape` empties it. */
import { CloseButton, TextInput } from '@mantine/core'
import { Kbd } from '../components/Kbd.tsx'
import { useFilterKey } from './useFilterKey.ts'

interface Props {
  readonly className: string | undefined
  readonly label: string
  readonly clearLabel: string
  readonly value: string
  readonly onText: (text: string) => void
}

const LONGEST = 200

export function FilterField({ className, label, clearLabel, value, onText }: Props) {
  const field = useFilterKey()
  return (
    <TextInput
      ref={field}
      className={className ?? ''}
      value={value}
      maxLength={LONGEST}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onText('')
      }}
      placeholder={label}
      aria-label={label}
      rightSection={
        value === '' ? (
          <Kbd keys="/" />
        ) : (
          <CloseButton size="xs" aria-label={clearLabel} onClick={() => onText('')} />
        )
      }
    />
  )
}
