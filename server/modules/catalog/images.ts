import type { Image } from '#contracts/catalog/schemas.ts'
import { type FieldError, generalProblem } from '#contracts/kit/problem.ts'
import { mediaUrl } from '#contracts/media/addresses.ts'
import type { MediaApi } from '../media/index.ts'

/** A picture as rows keep it: the shop's own with what never changes about it, or an address elsewhere. */
export type StoredImage =
  | string
  | Readonly<{ key: string; alt?: string; width: number; height: number; color: string }>

const OWN = /^media:([0-9a-f]{64})(?: +(\S[\s\S]*))?$/
const THUMBNAIL_WIDTH = 320

/** `media:KEY text that describes it`, or the address: as files and operators name a picture. */
export function imageText(image: string | Readonly<{ key: string; alt?: string }>): string {
  if (typeof image === 'string') return image
  return image.alt === undefined ? `media:${image.key}` : `media:${image.key} ${image.alt}`
}

export function isAddress(image: StoredImage): image is string {
  return typeof image === 'string' && /^https?:\/\//.test(image)
}

/** The picture as the contract shows it; `name` describes one that has no description. */
export function toImage(image: StoredImage, name: string): Image {
  if (typeof image === 'string') return { url: image, alt: name }
  const { key, alt = name, width, height, color } = image
  return { url: mediaUrl(key), alt, width, height, color }
}

/** Where a small form of the first picture is, for lists. */
export function thumbnailOf(images: readonly StoredImage[]): string | undefined {
  const [first] = images
  if (first === undefined || typeof first === 'string') return first
  return mediaUrl(first.key, THUMBNAIL_WIDTH)
}

export type KnownImages = Readonly<{
  /** The pictures that these texts mean, and what is wrong with them. @param at path of the list */
  read(
    texts: readonly string[],
    at: string,
  ): Readonly<{ images: StoredImage[]; faults: readonly FieldError[] }>
}>

/**
 * Looks up the pictures that texts name, all at once. An address that was fetched before is the
 * picture which was found there.
 */
export async function lookUpImages(
  media: MediaApi,
  texts: readonly string[],
): Promise<KnownImages> {
  const keys = texts.flatMap((text) => OWN.exec(text)?.[1] ?? [])
  const urls = texts.filter(isAddress)
  const known =
    keys.length + urls.length > 0
      ? await media.describe({ keys, urls })
      : { files: [], sources: {} }
  const sources: Readonly<Record<string, string>> = known.sources
  const byKey = new Map(known.files.map((file) => [file.key, file]))
  const find = (text: string): StoredImage | undefined => {
    const [, named, alt] = OWN.exec(text) ?? []
    const key = named ?? sources[text]
    const file = key === undefined ? undefined : byKey.get(key)
    if (file) return alt === undefined ? file : { ...file, alt }
    return text.startsWith('media:') ? undefined : text
  }
  return {
    read(texts, at) {
      const found = texts.map(find)
      const faults = found.flatMap((image, place) => {
        const message = `is no picture of the shop: ${texts[place]}`
        return image === undefined ? [{ path: `${at}[${place}]`, message }] : []
      })
      return { images: found.filter((image) => image !== undefined), faults }
    },
  }
}

/** The pictures of one list. @throws validation_failed if one is unknown */
export async function readImages(
  media: MediaApi,
  texts: readonly string[],
  at = 'body.images',
): Promise<StoredImage[]> {
  const { images, faults } = (await lookUpImages(media, texts)).read(texts, at)
  const [first] = faults
  if (!first) return images
  const detail = `${first.path} ${first.message}`
  throw generalProblem('validation_failed', { detail, errors: faults })
}
