/** Which of the palette's actions fit what is typed: each word somewhere, in any order. */
import type { SpotlightActionGroupData } from '@mantine/spotlight'

/** Groups keep their order; within one, actions whose label fits alone come before those that need their description. */
export function filterActions(
  query: string,
  groups: readonly SpotlightActionGroupData[],
): SpotlightActionGroupData[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  return groups.flatMap(({ group, actions }) => {
    const byLabel = actions.filter(({ label = '' }) => fits(label))
    const byBoth = actions.filter(
      ({ label = '', description = '' }) => !fits(label) && fits(`${label} ${description}`),
    )
    const kept = [...byLabel, ...byBoth]
    return kept.length === 0 ? [] : [{ group, actions: kept }]
  })
}
