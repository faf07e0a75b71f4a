/** A change of the cart that could not be sent yet, as the shop's form would have sent it. */
export type Change = Readonly<{
  /** Under which the shop carries it out once, however often it comes. */
  key: string
  path: string
  body: string
}>

const STORE = 'changes'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('stoa-cart', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function run<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

/** Puts a change at the end. */
export async function enqueue(change: Change): Promise<void> {
  await run('readwrite', (store) => store.add(change))
}

/** The change that has waited longest, and its place. */
export async function first(): Promise<
  Readonly<{ place: IDBValidKey; change: Change }> | undefined
> {
  const cursor = await run('readonly', (store) => store.openCursor())
  return cursor ? { place: cursor.key, change: cursor.value as Change } : undefined
}

export async function drop(place: IDBValidKey): Promise<void> {
  await run('readwrite', (store) => store.delete(place))
}

export async function dropAll(): Promise<void> {
  await run('readwrite', (store) => store.clear())
}
