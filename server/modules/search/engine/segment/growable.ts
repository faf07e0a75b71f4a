/** A list of whole numbers that grows without boxing; `values` is a view, valid until the next push. */
export type GrowableNumbers = Readonly<{
  push: (value: number) => void
  size: () => number
  values: () => Uint32Array
}>

export function createGrowable(capacity = 1024): GrowableNumbers {
  let buffer = new Uint32Array(capacity)
  let size = 0
  return {
    push: (value) => {
      if (size === buffer.length) {
        const larger = new Uint32Array(buffer.length * 2)
        larger.set(buffer)
        buffer = larger
      }
      buffer[size++] = value
    },
    size: () => size,
    values: () => buffer.subarray(0, size),
  }
}

/** Numbers things by the order of their first meeting. */
export type Interner = Readonly<{ idOf: (text: string) => number; texts: () => readonly string[] }>

export function createInterner(): Interner {
  const ids = new Map<string, number>()
  const texts: string[] = []
  return {
    idOf: (text) => {
      let id = ids.get(text)
      if (id === undefined) {
        id = texts.length
        ids.set(text, id)
        texts.push(text)
      }
      return id
    },
    texts: () => texts,
  }
}
