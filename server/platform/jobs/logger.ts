import { Logger } from 'graphile-worker'

/** The library tells each step; only what goes wrong is of interest, and that the handlers tell. */
export const quietLogger = new Logger(() => () => {})
