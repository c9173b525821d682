/** How soon the page answers to a key, as the page measures it itself. */
import type { Page } from '@playwright/test'

/**
 * Milliseconds from the key's event, as the browser stamps it, to the frame after what it brings is there. The page
 * measures itself: the way to it and back is not the person's.
 * @param done whether it is there: an expression over the page
 */
export async function timed(page: Page, key: string, done: string): Promise<number> {
  // As text, because this project's types know no DOM outside of the renderer.
  await page.evaluate(`globalThis.timed = new Promise((resolve) => {
    const there = () => ${done}
    addEventListener('keydown', (event) => {
      const check = () => {
        if (!there()) return requestAnimationFrame(check)
        // The frame in which it stands has to be painted, too.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - event.timeStamp)))
      }
      requestAnimationFrame(check)
    }, { capture: true, once: true })
  }); null`)
  await page.keyboard.press(key)
  return page.evaluate<number>('globalThis.timed')
}
