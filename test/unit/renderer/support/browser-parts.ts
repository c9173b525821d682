/**
 * The few parts of a browser that jsdom lacks: no media query matches, and every element is as large as a window of
 * 1440 × 900, because there is no layout. Imported before the page, whose chart library asks at once.
 */
import { vi } from 'vitest'

window.matchMedia = (query) =>
  ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }) as unknown as MediaQueryList
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Element.prototype.scrollTo = vi.fn() as never
Element.prototype.scrollIntoView = vi.fn()
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 900 })
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 1440 })

// A field that grows with its text measures it anew with each font.
Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() })
