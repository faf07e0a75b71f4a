import { productChanged } from '#contracts/catalog/events.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { only, statement } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import { recordChanges } from './changes.ts'
import { type AdminDeps, type Command, keyOf } from './deps.ts'
import { lockProduct, touchProduct } from './products-repository.ts'

type Texts = Readonly<{ name?: string | undefined; description?: string | undefined }>

const readTranslation = statement<{ name: string | null; description: string | null }>(
  'catalog.read_translation',
  `select name, description from catalog.translations
   where shard = $1 and product_id = $2 and locale = $3`,
)

const putTranslation = statement(
  'catalog.put_translation',
  `insert into catalog.translations (shard, product_id, locale, name, description)
   values ($1, $2, $3, $4, $5)
   on conflict (shard, product_id, locale) do update
     set name = excluded.name, description = excluded.description`,
)

const deleteTranslation = statement(
  'catalog.delete_translation',
  'delete from catalog.translations where shard = $1 and product_id = $2 and locale = $3',
)

/**
 * Sets what a product is called in a language, or removes it where `texts` is null.
 * @throws not_found, precondition_failed
 */
export async function changeTranslation(
  { db, outbox, ids }: AdminDeps,
  command: Command<{ productId: string; locale: string; texts: Texts | null }>,
): Promise<{ id: string; version: number }> {
  const { actor, expectedVersion, productId, locale, texts } = command
  const key = keyOf('prd', productId)
  const version = await db.tx(async (tx) => {
    const [product] = await lockProduct(tx, key)
    if (!product) throw generalProblem('not_found')
    expectVersion(expectedVersion, product.version)
    const [before] = await readTranslation(tx, [...key, locale])
    if (texts === null && !before) throw generalProblem('not_found')
    const after = { name: texts?.name ?? null, description: texts?.description ?? null }
    const diff = diffOf(before ?? {}, after)
    if (Object.keys(diff).length === 0) return product.version
    if (texts === null) await deleteTranslation(tx, [...key, locale])
    else await putTranslation(tx, [...key, locale, after.name, after.description])
    const { version } = only(await touchProduct(tx, key))
    await recordChanges(tx, ids, actor, [
      {
        action: texts === null ? 'removed' : before ? 'edited' : 'created',
        entity: 'translation',
        entityId: `${productId}:${locale}`,
        subjectId: productId,
        diff,
      },
    ])
    const payload = { productId, version }
    await outbox.append(tx, [{ spec: productChanged, aggregateId: productId, payload }])
    return version
  })
  outbox.appended.strike()
  return { id: productId, version }
}
