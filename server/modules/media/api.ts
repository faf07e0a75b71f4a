/** What is known of a picture that the shop keeps. */
export type MediaFile = Readonly<{
  key: string
  width: number
  height: number
  /** The mean of its colours: `#a08c7d`. */
  color: string
}>

export type MediaApi = Readonly<{
  /**
   * Pictures by key, and those that were fetched from addresses, for a product that is going to show
   * them: they stay from now on. Unknown ones are left out.
   */
  describe(input: { keys: readonly string[]; urls?: readonly string[] }): Promise<{
    files: MediaFile[]
    /** Keys by address. */
    sources: Readonly<Record<string, string>>
  }>
  /**
   * Fetches a picture from a public address and keeps it; the same bytes are the same picture.
   * @throws media.address_refused, media.fetch_failed, payload_too_large, and what is wrong with the picture
   */
  addFromUrl(input: { url: string; actor: string }): Promise<MediaFile>
  /** Whether it is time to say by `renew` which pictures products show. */
  hasUnseen(): Promise<boolean>
  /** Products show these: they stay. */
  renew(input: { keys: readonly string[] }): Promise<void>
  /** Removes what nobody wants any more; to be called when all in use were renewed. @returns how many */
  removeUnused(input: { signal: AbortSignal }): Promise<number>
}>
