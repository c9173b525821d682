/** Texts as they are written where `standard_conforming_strings` is off, in which a backslash stands for what it begins: that has to be said of them elsewhere. Pure. */

/** What is no such text stands first: one of another kind, a name, what is between dollars, a comment, and a word, so that its last letter begins none. */
const PIECE =
  /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'|"[^"]*"|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?\1|--[^\n]*|[\w\u0080-\uffff][\w$\u0080-\uffff]*|('[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*')/g
const ENDS_WORD = /[\w$\u0080-\uffff]$/

/** @param statement of PostgreSQL's own programs @returns the same, to be read with it on */
export function standing(statement: string): string {
  return statement.replaceAll(
    PIECE,
    (piece: string, _: string | undefined, text: string | undefined, at: number) => {
      if (text?.includes('\\') !== true) return piece
      return ENDS_WORD.test(statement.charAt(at - 1)) ? ` E${text}` : `E${text}`
    },
  )
}
