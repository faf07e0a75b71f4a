export type { NotificationsApi } from './api.ts'
export type { NotificationsDeps } from './deps.ts'
export { createNotifications } from './module.ts'
