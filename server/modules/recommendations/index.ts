export type { RecommendationsApi } from './api.ts'
export { createRecommendations } from './module.ts'
