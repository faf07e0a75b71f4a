import type { MediaApi } from '../../media/index.ts'
import { isAddress, type KnownImages, lookUpImages, type StoredImage } from '../images.ts'
import type { ImportEntry } from './import-rows.ts'

/** A row that names none of its own costs nothing. */
const ADDRESSES_ALONE: KnownImages = { read: (texts) => ({ images: [...texts], faults: [] }) }

/**
 * Looks up the pictures that the rows of a batch name.
 * @param fetchImages whether an address that was fetched before is the picture found there; else it
 *   stays an address, and costs no look-up
 */
export async function lookUpBatchImages(
  media: MediaApi,
  entries: readonly ImportEntry[],
  fetchImages: boolean,
): Promise<KnownImages> {
  const texts: string[] = []
  const collect = (images: readonly string[] | undefined) => {
    if (images === undefined) return
    for (const text of images) if (fetchImages || !isAddress(text)) texts.push(text)
  }
  for (const { product } of entries) {
    collect(product.images)
    for (const { images } of product.variants) collect(images)
  }
  return texts.length === 0 ? ADDRESSES_ALONE : lookUpImages(media, texts)
}

type Pictured = Readonly<{ images?: readonly StoredImage[] | undefined }>

/** Whether a row names pictures that are still elsewhere. */
export function namesAddresses({
  images,
  variants,
}: Pictured & Readonly<{ variants: readonly Pictured[] }>): boolean {
  const isElsewhere = (list: Pictured['images']) => list?.some(isAddress) ?? false
  return isElsewhere(images) || variants.some((variant) => isElsewhere(variant.images))
}
