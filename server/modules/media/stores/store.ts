/** Where masters are kept, by key. What is under a key never changes. */
export type MediaStore = Readonly<{
  put(key: string, bytes: Buffer): Promise<void>
  /** Undefined if there is none. */
  get(key: string): Promise<Buffer | undefined>
  /** Nothing happens if there is none. */
  remove(key: string): Promise<void>
}>
