export type { NotificationsApi } from './api.ts'
export { createNotifications } from './module.ts'
