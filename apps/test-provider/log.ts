/** Where the provider says what went wrong with itself. Never given a request's body. */
export type Log = Readonly<{ error: (message: string, error: unknown) => void }>

export const silentLog: Log = { error: () => {} }
