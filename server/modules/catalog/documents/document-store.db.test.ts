import { describeDocumentStore, storeFixture } from './document-store.suite.ts'

const fixture = await storeFixture()

describeDocumentStore('PostgreSQL', fixture, async () => {
  let at = 100
  const position = () => at
  return {
    store: fixture.postgres(position),
    other: fixture.postgres(position),
    position,
    moveTo: (next) => {
      at = next
    },
  }
})
