import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { describeIndexStore } from '../../server/modules/search/index-store.suite.ts'
import { createOpenSearchStore } from '../../server/modules/search/opensearch/store.ts'
import { seededChance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { engineUrl } from '../support/faulty-line.ts'
import { dropIndexes } from '../support/opensearch.ts'
import { testPlatform } from '../support/platform.ts'

const url = engineUrl('OPENSEARCH_URL')
const { db, ids } = await testPlatform()
const places: string[] = []
after(() => dropIndexes(url, places))

describeIndexStore('OpenSearch', {
  async freshPlace() {
    const name = `test-${randomBytes(5).toString('hex')}`
    places.push(name)
    return {
      async open() {
        const store = createOpenSearchStore({
          url,
          name,
          db,
          ids,
          clock,
          log,
          chance: seededChance(1),
          budgetMs: 20_000,
        })
        await store.start?.()
        return store
      },
    }
  },
  runs: 4,
})
