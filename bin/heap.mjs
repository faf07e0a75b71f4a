/**
 * Node's flags for commands that pass many rows through: full collections come at less than twice
 * what lives, where Node by itself waits for four times that, so that an import stays below 256 MB.
 * Half the young space and half the limit save 25 MB more, and cost a sixth of the process' time
 * (`npm run bench import`).
 */
export const FRUGAL = ['--max-semi-space-size=16', '--max-old-space-size=800']

/**
 * @param {string} command
 * @returns {string[]}
 */
export function heapFlags(command) {
  return ['import', 'export', 'seed', 'load-demo'].includes(command) ? FRUGAL : []
}
