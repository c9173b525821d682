/** Claims a data directory as a console does, says so, and stays. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimDataDirectory } from '../../../src/main/engine/store/data-directory.ts'

const [directory = ''] = process.argv.slice(2)
const claim = claimDataDirectory(directory)
const note = { pid: process.pid, url: 'http://127.0.0.1:4711', version: '0.1.0' }
writeFileSync(join(directory, 'console.json'), JSON.stringify(note))
process.stdout.write('claimed\n')
setInterval(() => claim, 1_000)
