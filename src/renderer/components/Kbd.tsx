/** A key, or keys pressed one after another. */
import { Kbd as Key } from '@mantine/core'
import classes from './Kbd.module.css'

const APPLE = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '')

/** `keys` as in `"mod+K"` (together) or `"g f"` (one after another). */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {(keys.length === 1 ? [keys] : keys.split(/[ +]/)).map((key) => (
        <Key key={key} size="xs">
          {key === 'mod' ? (APPLE ? '⌘' : 'Ctrl') : key}
        </Key>
      ))}
    </span>
  )
}
