import { z } from 'zod'

/** Languages in which the shop speaks and writes to people. */
export const Language = z.enum(['en', 'de', 'es', 'ja', 'ar'])
export type Language = z.infer<typeof Language>
