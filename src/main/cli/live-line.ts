/** Words for people with a last line that is written over for as long as something goes on. Where words go into a file there is none. */
import { printable, say, type Terminal } from './terminal.ts'

export interface LiveLine {
  /** In place of what it was before; `null`: nothing. */
  show(text: string | null): void
  /** A line that stays, above it. */
  say(line: string): void
}

const TO_ITS_START = '\r\u001b[K'
/** Where a terminal does not say how wide it is. */
const USUAL_COLUMNS = 80

export function createLiveLine({ stderr }: Pick<Terminal, 'stderr'>): LiveLine {
  let isShown = false
  const clear = () => {
    if (isShown) stderr.write(TO_ITS_START)
    isShown = false
  }
  return {
    show(text) {
      clear()
      if (text === null || stderr.isTTY !== true) return
      // One that is broken in two is not written over as a whole.
      const most = (stderr.columns || USUAL_COLUMNS) - 1
      stderr.write([...printable(text)].slice(0, most).join(''))
      isShown = true
    },
    say(line) {
      clear()
      say({ stderr }, line)
    },
  }
}
