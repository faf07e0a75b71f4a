/**
 * Node's flags for commands that pass many rows through: full collections come at twice what lives,
 * where Node by itself waits for four times that. An import stays below 256 MB for a few per cent
 * of its speed (`npm run bench import`).
 */
export const FRUGAL = ['--max-semi-space-size=8', '--max-old-space-size=400']

/**
 * @param {string} command
 * @returns {string[]}
 */
export function heapFlags(command) {
  return ['import', 'export', 'seed', 'load-demo'].includes(command) ? FRUGAL : []
}
