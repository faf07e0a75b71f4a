export const FRUGAL: readonly string[]
export function heapFlags(command: string): string[]
