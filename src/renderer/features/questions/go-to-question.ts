/** Where the question stands in the page, and the way there by key. */

export const QUESTION_ID = 'question'

/** Focuses the first field, else the first button; nothing where nobody asks. */
export function goToQuestion(): void {
  document.getElementById(QUESTION_ID)?.querySelector<HTMLElement>('input, button')?.focus()
}
