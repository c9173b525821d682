/** Lengths of time as of one answer: both ends by the server's clock, so that clocks which differ do not matter. */
import { useCallback } from 'react'
import { useQuantity } from '../../../components/useQuantity.ts'

/** @param at the moment of the answer, by the server's clock */
export function useAges(at: number): (since: number | null) => string {
  const { duration } = useQuantity()
  return useCallback((since) => (since === null ? '–' : duration(Math.max(0, at - since))), [at, duration])
}
