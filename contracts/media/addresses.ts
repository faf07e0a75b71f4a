import { z } from 'zod'

/** Widths in pixels that pictures are made in; one that is narrower stays as it is. */
export const MEDIA_WIDTHS = [160, 320, 480, 640, 960, 1280, 1920] as const
export type MediaWidth = (typeof MEDIA_WIDTHS)[number]

export const MEDIA_FORMATS = ['avif', 'webp', 'jpg'] as const
export type MediaFormat = (typeof MEDIA_FORMATS)[number]

/** SHA-256 of the bytes that were uploaded. */
export const MediaKey = z.string().regex(/^[0-9a-f]{64}$/, 'is no key of a picture')

/** The width of a picture whose reader names none. */
const STANDARD_WIDTH = 960

/** Where a picture of the shop is to be had, from the API's root. */
export function mediaUrl(
  key: string,
  width: MediaWidth = STANDARD_WIDTH,
  format: MediaFormat = 'jpg',
): string {
  return `/media/${key}/${width}.${format}`
}

/** The key in such an address; undefined if it is another's. */
export function readMediaUrl(url: string): string | undefined {
  return /^\/media\/([0-9a-f]{64})\/\d+\.\w+$/.exec(url)?.[1]
}
