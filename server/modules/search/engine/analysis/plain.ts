import { fold } from './fold.ts'

/** Words as any engine's simplest analyser sees them: letters and digits, folded, nothing more. */
export function plainTerms(text: string): readonly string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
}
