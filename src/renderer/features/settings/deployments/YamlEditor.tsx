/** A text field for YAML with line numbers, on which faulty lines are marked and can be gone to. */
import { type Ref, useImperativeHandle, useRef } from 'react'
import classes from './yaml.module.css'

const LINE_PX = 18

export interface YamlEditorHandle {
  /** Selects a line (from 1) and brings it into view. */
  goTo(line: number): void
}

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly label: string
  readonly faulty: ReadonlySet<number>
  readonly describedBy: string
  readonly ref: Ref<YamlEditorHandle>
}

export function YamlEditor({ value, onChange, label, faulty, describedBy, ref }: Props) {
  const text = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const lines = value.split('\n')

  useImperativeHandle(ref, () => ({
    goTo(line) {
      const area = text.current
      if (area === null) return
      const start = lines.slice(0, line - 1).reduce((length, one) => length + one.length + 1, 0)
      area.focus()
      area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
      area.scrollTop = Math.max(0, (line - 4) * LINE_PX)
    },
  }))

  return (
    <div className={classes.editor}>
      <div ref={gutter} className={classes.gutter} aria-hidden="true">
        {lines.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          <span key={index} data-faulty={faulty.has(index + 1) || undefined}>
            {index + 1}
          </span>
        ))}
      </div>
      <textarea
        ref={text}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
        aria-label={label}
        aria-invalid={faulty.size > 0}
        aria-describedby={describedBy}
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
      />
    </div>
  )
}
