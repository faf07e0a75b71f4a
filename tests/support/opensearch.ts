import { createOpenSearchClient } from '../../server/modules/search/opensearch/client.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'

/** Deletes the indexes whose names begin with `stoa-` and one of these. */
export async function dropIndexes(url: string, names: readonly string[]): Promise<void> {
  const client = createOpenSearchClient({ url, clock })
  for (const name of names) {
    const path = `/_cat/indices/stoa-${name}-*?format=json&h=index`
    const found = await client.call<{ index: string }[]>({ method: 'GET', path })
    for (const { index } of found) {
      await client.call({ method: 'DELETE', path: `/${index}?ignore_unavailable=true` })
    }
  }
  client.close()
}
