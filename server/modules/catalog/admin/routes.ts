import * as contract from '#contracts/catalog/admin.ts'
import * as pictures from '#contracts/catalog/admin-media.ts'
import { type Binding, bind } from '../../../platform/http/binding.ts'
import { changeBy, versioned, versionTag } from '../../../platform/http/etag.ts'
import { listFetches } from '../fetches-repository.ts'
import { bulkEdit } from './bulk-edit.ts'
import {
  createCategory,
  editCategory,
  effectiveSchema,
  getCategory,
  listCategories,
  moveCategory,
  setAttributeSchema,
} from './categories.ts'
import { listChanges } from './changes.ts'
import type { AdminDeps } from './deps.ts'
import { explainVariant } from './featured.ts'
import { listProducts } from './list-products.ts'
import { getMedia, setMedia } from './media.ts'
import { createOffer, getOffer, listPriceHistory } from './offers.ts'
import { createProduct, editProduct, getProduct } from './products.ts'
import { changeTranslation } from './translations.ts'
import { addVariants, editVariant, removeVariant } from './variants.ts'

export function createAdminRoutes(deps: AdminDeps): Binding[] {
  return [
    ...categoryRoutes(deps),
    ...productRoutes(deps),
    ...variantRoutes(deps),
    ...offerRoutes(deps),
    ...mediaRoutes(deps),
    bind(contract.listCatalogChanges, async ({ query }) => ({
      status: 200,
      body: await listChanges(deps.db, query),
    })),
  ]
}

function categoryRoutes(deps: AdminDeps): Binding[] {
  return [
    bind(contract.createCategory, async ({ body }, context) =>
      versioned(201, await createCategory(deps, { ...changeBy(context), category: body })),
    ),
    bind(contract.listAdminCategories, async ({ query }) => ({
      status: 200,
      body: await listCategories(deps, query),
    })),
    bind(contract.getAdminCategory, async ({ params }) => {
      const { category } = await getCategory(deps, params.categoryId)
      return versioned(200, category)
    }),
    bind(contract.editCategory, async ({ params, body }, context) =>
      versioned(200, await editCategory(deps, { ...changeBy(context), ...params, edit: body })),
    ),
    bind(contract.moveCategory, async ({ params, body }, context) =>
      versioned(200, await moveCategory(deps, { ...changeBy(context), ...params, ...body })),
    ),
    bind(contract.getAttributeSchema, async ({ params }) => {
      const { category, schema } = await getCategory(deps, params.categoryId)
      const { properties, required, ...rest } = await effectiveSchema(deps, params.categoryId)
      const effective = { properties: { ...properties }, required: [...required], ...rest }
      return {
        status: 200,
        body: { own: schema, effective },
        headers: versionTag(category.version),
      }
    }),
    bind(contract.setAttributeSchema, async ({ params, body }, context) =>
      versioned(200, await setAttributeSchema(deps, { ...changeBy(context), ...params, ...body })),
    ),
  ]
}

function productRoutes(deps: AdminDeps): Binding[] {
  return [
    bind(contract.listAdminProducts, async ({ query }) => ({
      status: 200,
      body: await listProducts(deps.db, query),
    })),
    bind(contract.createProduct, async ({ body }, context) =>
      versioned(201, await createProduct(deps, { ...changeBy(context), product: body })),
    ),
    bind(contract.getAdminProduct, async ({ params }) =>
      versioned(200, await getProduct(deps, params.productId)),
    ),
    bind(contract.editProduct, async ({ params, body }, context) =>
      versioned(200, await editProduct(deps, { ...changeBy(context), ...params, edit: body })),
    ),
    bind(contract.bulkEditProducts, async ({ body }, context) => ({
      status: 200,
      body: await bulkEdit(deps, { ...changeBy(context), ...body }),
    })),
    bind(contract.setTranslation, async ({ params, body }, context) =>
      versioned(
        200,
        await changeTranslation(deps, { ...changeBy(context), ...params, texts: body }),
      ),
    ),
    bind(contract.removeTranslation, async ({ params }, context) =>
      versioned(
        200,
        await changeTranslation(deps, { ...changeBy(context), ...params, texts: null }),
      ),
    ),
  ]
}

function variantRoutes(deps: AdminDeps): Binding[] {
  return [
    bind(contract.addVariants, async ({ params, body }, context) =>
      versioned(201, await addVariants(deps, { ...changeBy(context), ...params, ...body })),
    ),
    bind(contract.editVariant, async ({ params, body }, context) =>
      versioned(200, await editVariant(deps, { ...changeBy(context), ...params, edit: body })),
    ),
    bind(contract.removeVariant, async ({ params }, context) =>
      versioned(200, await removeVariant(deps, { ...changeBy(context), ...params })),
    ),
    bind(contract.explainFeaturedOffer, async ({ params, query }) => ({
      status: 200,
      body: await explainVariant(deps, { ...params, ...query }),
    })),
  ]
}

function mediaRoutes(deps: AdminDeps): Binding[] {
  return [
    bind(pictures.getProductMedia, async ({ params }) =>
      versioned(200, await getMedia(deps, params)),
    ),
    bind(pictures.setProductMedia, async ({ params, body }, context) =>
      versioned(200, await setMedia(deps, { ...changeBy(context), ...params, ...body })),
    ),
    bind(pictures.getVariantMedia, async ({ params }) =>
      versioned(200, await getMedia(deps, params)),
    ),
    bind(pictures.setVariantMedia, async ({ params, body }, context) =>
      versioned(200, await setMedia(deps, { ...changeBy(context), ...params, ...body })),
    ),
    bind(pictures.listImageFetches, async ({ query }) => ({
      status: 200,
      body: await listFetches(deps.db, query),
    })),
  ]
}

function offerRoutes(deps: AdminDeps): Binding[] {
  return [
    bind(contract.createOffer, async ({ body: { variantId, ...offer } }, context) =>
      versioned(201, await createOffer(deps, { ...changeBy(context), variantId, offer })),
    ),
    bind(contract.getAdminOffer, async ({ params }) =>
      versioned(200, await getOffer(deps.db, params.offerId)),
    ),
    bind(contract.listPriceHistory, async ({ params, query }) => ({
      status: 200,
      body: await listPriceHistory(deps.db, { ...params, ...query }),
    })),
  ]
}
