export type { MediaApi, MediaFile } from './api.ts'
export { createMedia, type MediaDeps } from './module.ts'
