/** Sets schemas up for this page, before the first one parses: its policy forbids code made from text. */
import { z } from 'zod'

z.config({ jitless: true })
