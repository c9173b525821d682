/** Whether what a screen drew first has been painted: what nobody needs at first, and takes long to draw, is drawn after that. */
import { startTransition, useEffect, useState } from 'react'

export function usePainted(): boolean {
  const [isPainted, setPainted] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const frame = requestAnimationFrame(() => {
      // A frame's callbacks come before it is painted.
      timer = setTimeout(() => startTransition(() => setPainted(true)))
    })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }, [])
  return isPainted
}
