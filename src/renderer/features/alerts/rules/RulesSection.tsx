/** The rules: the list of them, or the form of one. */
import type { SectionProps } from '../sections.ts'
import { RuleEditor } from './RuleEditor.tsx'
import { RuleList } from './RuleList.tsx'
import { rulePlaceOf } from './rule-place.ts'

export function RulesSection({ item }: SectionProps) {
  const place = rulePlaceOf(item)
  return place === null ? <RuleList /> : <RuleEditor key={item} {...place} />
}
