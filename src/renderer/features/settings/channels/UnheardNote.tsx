/** Why nobody would hear of what is critical, above the channels that could tell it. */
import { useUnheard } from '../../../client/unheard.ts'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import own from './channels.module.css'

export function UnheardNote() {
  const unheard = useUnheard()
  return (
    <p className={own.unheard} role="status">
      {unheard !== null && (
        <>
          <StatusGlyph status="WARNING" size={14} />
          <span>{unheard.text}</span>
        </>
      )}
    </p>
  )
}
