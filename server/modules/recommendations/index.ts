export type { RecommendationsApi, ViewCounts } from './api.ts'
export { createRecommendations, type RecommendationsDeps } from './module.ts'
