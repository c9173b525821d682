/** The sheet of the recovery key as it is printed: on the screen within its dialog, on paper alone. */
import { useEffect, useRef } from 'react'
import classes from './sheet.module.css'

const STYLES = /<style>.*?<\/style>/gs

/** @param page a page of its own, as the console writes it; its styles are left out, the rules of this page forbid them */
export function Sheet({ page }: { page: string }) {
  const sheet = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { body } = new DOMParser().parseFromString(page.replace(STYLES, ''), 'text/html')
    sheet.current?.replaceChildren(...Array.from(body.childNodes, (node) => document.importNode(node, true)))
  }, [page])
  return <div ref={sheet} className={classes.sheet} />
}
