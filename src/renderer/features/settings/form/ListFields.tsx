/** A list of parts in the form: its legend, its items with their buttons, and the button that adds one. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './form.module.css'

interface Props {
  readonly legend: string
  readonly hint: string
  /** What an item is called: `Service 2`. */
  readonly nameItem: (index: number) => string
  readonly items: readonly ReactNode[]
  readonly addLabel: string
  readonly onAdd: () => void
  readonly onRemove: (index: number) => void
  /** Where the order matters. */
  readonly onMove?: (from: number, to: number) => void
  readonly atMost?: number
  /** What is of the whole list, below its items. */
  readonly children?: ReactNode
}

export function ListFields(props: Props) {
  const { t } = useTranslation()
  const { legend, hint, nameItem, items, addLabel, onAdd, onRemove, onMove, atMost = 50, children } = props
  return (
    <fieldset>
      <legend>{legend}</legend>
      <p className={classes.hint}>{hint}</p>
      {items.map((item, index) => {
        const name = nameItem(index)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place; the form's paths are by place.
          <div key={index} className={classes.item}>
            <div className={classes.itemHead}>
              <strong>{name}</strong>
              {onMove !== undefined && items.length > 1 && (
                <>
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    disabled={index === 0}
                    aria-label={t('form.move-up', { name })}
                    onClick={() => onMove(index, index - 1)}
                  >
                    ↑
                  </Button>
                  <Button
                    variant="subtle"
                    size="compact-xs"
                    disabled={index === items.length - 1}
                    aria-label={t('form.move-down', { name })}
                    onClick={() => onMove(index, index + 1)}
                  >
                    ↓
                  </Button>
                </>
              )}
              <Button
                variant="subtle"
                size="compact-xs"
                aria-label={t('form.remove-item', { name })}
                onClick={() => onRemove(index)}
              >
                {t('form.remove')}
              </Button>
            </div>
            {item}
          </div>
        )
      })}
      {children}
      {items.length < atMost && (
        <div>
          <Button variant="default" onClick={onAdd}>
            {addLabel}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
