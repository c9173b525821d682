/** Words of a command line as a shell splits them: blanks, quotes and backslashes; nothing is run or expanded. */

const MOST_WORDS = 500

export function shellWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let quote = ''
  for (let at = 0; at < line.length && words.length < MOST_WORDS; at += 1) {
    const character = line[at] ?? ''
    if (quote !== '') {
      if (character === quote) quote = ''
      else if (character === '\\' && quote === '"' && at + 1 < line.length) word = `${word}${line[++at]}`
      else word = `${word}${character}`
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === '\\' && at + 1 < line.length) {
      word = `${word ?? ''}${line[++at]}`
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word)
      word = null
    } else {
      word = `${word ?? ''}${character}`
    }
  }
  if (word !== null && words.length < MOST_WORDS) words.push(word)
  return words
}

export interface CommandOptions {
  /** Options with their values, by letter or long name, in their order. */
  readonly options: readonly (readonly [name: string, value: string])[]
  readonly operands: readonly string[]
}

/**
 * The options of a command as getopt reads them: `-p 22`, `-p22`, `--port=22`, `--port 22`.
 * @param withValue letters and long names that take a value
 */
export function commandOptions(words: readonly string[], withValue: ReadonlySet<string>): CommandOptions {
  const options: [string, string][] = []
  const operands: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--') return { options, operands: [...operands, ...words.slice(index + 1)] }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=')
      const name = word.slice(2, equals < 0 ? undefined : equals)
      if (equals >= 0) options.push([name, word.slice(equals + 1)])
      else if (withValue.has(name)) options.push([name, words[++index] ?? ''])
      else options.push([name, ''])
    } else if (word.startsWith('-') && word.length > 1) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] ?? ''
        if (!withValue.has(letter)) {
          options.push([letter, ''])
          continue
        }
        const rest = word.slice(at + 1)
        options.push([letter, rest === '' ? (words[++index] ?? '') : rest])
        break
      }
    } else {
      operands.push(word)
    }
  }
  return { options, operands }
}
