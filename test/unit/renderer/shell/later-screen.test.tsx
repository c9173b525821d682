// @vitest-environment jsdom
import '../support/browser-parts.ts'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { laterScreen } from '../../../../src/renderer/shell/later-screen.tsx'

afterEach(cleanup)

const Words = ({ words }: { words: string }) => <p>{words}</p>

describe('a screen that is loaded later', () => {
  it('appears once its code has come', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof Words>()
    const { Screen } = laterScreen(() => promise)
    render(<Screen words="here" />)
    expect(screen.queryByText('here')).toBeNull()
    resolve(Words)
    expect(await screen.findByText('here')).toBeTruthy()
  })

  it('is there at once when its code has come before, and is fetched once', async () => {
    const load = vi.fn(async () => Words)
    const { Screen, preload } = laterScreen(load)
    void preload()
    await vi.waitFor(() => expect(load).toHaveResolved())
    render(<Screen words="here" />)
    expect(screen.getByText('here')).toBeTruthy()
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('is asked for again after its code could not be had', async () => {
    const load = vi.fn(async () => Words)
    load.mockRejectedValueOnce(new Error('The host went away.'))
    const { Screen, preload } = laterScreen(load)
    void preload()
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1))
    await Promise.resolve()
    render(<Screen words="here" />)
    expect(await screen.findByText('here')).toBeTruthy()
  })
})
