import type { z } from 'zod'
import type { NewPicture, ShownPicture } from '#contracts/catalog/admin-media.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { imageText, readImages, type StoredImage, toImage } from '../images.ts'
import { type AdminDeps, type Command, keyOf } from './deps.ts'
import { editProduct } from './products.ts'
import { readAdminProduct } from './products-repository.ts'
import { editVariant } from './variants.ts'

type Shown = Readonly<{ items: z.infer<typeof ShownPicture>[]; version: number }>
type Place = Readonly<{ productId: string; variantId?: string }>

/** The pictures of a product, or of one of its variants. @throws not_found */
export async function getMedia({ db }: AdminDeps, { productId, variantId }: Place): Promise<Shown> {
  const [product] = await readAdminProduct(db, keyOf('prd', productId))
  if (!product) throw generalProblem('not_found')
  if (variantId === undefined) return toShown(product.images, product.name, product.version)
  const variant = product.variants.find(({ id, isActive }) => id === variantId && isActive)
  if (!variant) throw generalProblem('not_found')
  return toShown(variant.images, variant.name ?? product.name, product.version)
}

function toShown(images: readonly StoredImage[], name: string, version: number): Shown {
  const items = images.map((image) => ({
    ...toImage(image, name),
    ...(typeof image === 'string' ? {} : { key: image.key }),
  }))
  return { items, version }
}

/**
 * Sets the pictures of a product, or of one of its variants; the same again changes nothing.
 * @throws not_found, precondition_failed, validation_failed if a key is unknown
 */
export async function setMedia(
  deps: AdminDeps,
  { items, variantId, ...command }: Command<Place & Readonly<{ items: readonly NewPicture[] }>>,
): Promise<Readonly<{ id: string; version: number }>> {
  const edit = { images: items.map(textOf) }
  await readImages(deps.media, edit.images, 'body.items')
  if (variantId !== undefined) return editVariant(deps, { ...command, variantId, edit })
  const { id, version } = await editProduct(deps, { ...command, edit })
  return { id, version }
}

function textOf(picture: NewPicture): string {
  if ('url' in picture) return picture.url
  const { key, alt } = picture
  return imageText({ key, ...(alt === undefined ? {} : { alt: alt.trim() }) })
}
