/** Marks over a chart: a line at each moment and its glyph at the top, which says what happened when it is pointed at. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { MarkGlyph } from './MarkGlyph.tsx'
import classes from './marks.module.css'
import { type ChartMark, clusterMarks, toldMarks } from './marks.ts'
import { MARGIN_LEFT_PX, MARGIN_RIGHT_PX } from './plot.ts'
import type { Stretch } from './series.ts'

const MARGINS_PX = MARGIN_LEFT_PX + MARGIN_RIGHT_PX
const TOLD = 6

/** What they say is listed on the timeline, too: here they are left out for those who do not see the picture. */
export function ChartMarks({ marks, window }: { marks: readonly ChartMark[]; window: Stretch }) {
  const { t } = useTranslation()
  const { from, to } = window
  const clusters = useMemo(() => clusterMarks(marks, { from, to }), [marks, from, to])
  return (
    <div className={classes.marks} aria-hidden="true">
      {clusters.map(({ key, share, shape, marks: together }) => (
        <div
          key={key}
          className={classes.mark}
          data-shape={shape}
          style={{ left: `calc(${MARGIN_LEFT_PX}px + (100% - ${MARGINS_PX}px) * ${share})` }}
        >
          <span className={classes.glyph}>
            <MarkGlyph shape={shape} />
            {together.length > 1 && together.length}
          </span>
          <div className={classes.words} data-side={share > 0.5 ? 'left' : 'right'}>
            {toldMarks(together, TOLD).map((mark) => (
              <p key={mark.key}>
                <MarkGlyph shape={mark.shape} />
                {mark.text}
              </p>
            ))}
            {together.length > TOLD && <p>{t('chart.marks-more', { count: together.length - TOLD })}</p>}
          </div>
        </div>
      ))}
    </div>
  )
}
