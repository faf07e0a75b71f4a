/**
 * What was found out about things that do not change, each thing's by key. Forgotten with the
 * thing, and emptied when it holds `most` entries.
 */
export function createMemory<Key, Value>(most: number): (thing: object) => Map<Key, Value> {
  const known = new WeakMap<object, Map<Key, Value>>()
  return (thing) => {
    let memory = known.get(thing)
    if (!memory) {
      memory = new Map()
      known.set(thing, memory)
    } else if (memory.size >= most) {
      memory.clear()
    }
    return memory
  }
}
