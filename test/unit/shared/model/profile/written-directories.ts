/** Directories of this machine as people write them. */

/** As people write it, and as it is known. */
export const WRITTEN: readonly (readonly [string, string])[] = [
  ['/b', '/b'],
  ['/b/', '/b'],
  ['/b//', '/b'],
  ['//b', '/b'],
  ['/b/./x', '/b/x'],
  ['/b//x/', '/b/x'],
  ['/./b/././', '/b'],
  ['/b/x/..', '/b'],
  ['/b/x/y/../../z', '/b/z'],
  ['/../b', '/b'],
  ['/..', '/'],
  ['/', '/'],
  ['/b/..x/x../...', '/b/..x/x../...'],
  ['/b\\', '/b\\'],
  ['/Лавка Ёж/./б/', '/Лавка Ёж/б'],
  ['c:\\b\\', 'C:\\b'],
  ['C:/b/x', 'C:\\b\\x'],
  ['D:\\b\\..\\x\\\\y', 'D:\\x\\y'],
  ['C:\\', 'C:\\'],
  ['C:\\..', 'C:\\'],
]
