import type { RequestHeaders } from './visitor.ts'

const ROBOTS = /bot\b|crawl|spider|slurp|headless|preview|monitor|curl|wget|python|scrapy/i

/** Whether a request says of itself that no person looks at the answer. */
export function isRobot(headers: RequestHeaders): boolean {
  return ROBOTS.test(String(headers['user-agent'] ?? ''))
}
