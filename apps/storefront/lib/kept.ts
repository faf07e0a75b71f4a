/**
 * Keeps what `load` gave for a while. When it is old the old one is still given while a new one is
 * fetched; `undefined` from `load` means that there is nothing new to be had now.
 */
export function kept<T>(
  now: () => Date,
  lifetimeMs: number,
  load: () => Promise<T | undefined>,
): () => Promise<T | undefined> {
  let value: T | undefined
  let loadedAt = 0
  let loading: Promise<T | undefined> | undefined

  function refresh(): Promise<T | undefined> {
    loading ??= load()
      .then((fresh) => {
        if (fresh !== undefined) {
          value = fresh
          loadedAt = now().getTime()
        }
        return value
      })
      .finally(() => {
        loading = undefined
      })
    return loading
  }

  return async () => {
    if (value === undefined) return refresh()
    if (now().getTime() - loadedAt > lifetimeMs) refresh().catch(() => {})
    return value
  }
}
