import { type Random, seededRandom } from './chance.ts'

export type Chaos = Readonly<{
  latencyMs: Readonly<{ min: number; max: number }>
  /** Each rate is 0 to 1. Half of what it hits is hit before the work, half after it. */
  timeoutRate: number
  errorRate: number
  resetRate: number
  webhookDelayMs: number
  /** Copies sent beside each webhook, at the same time. */
  webhookDuplicate: number
  webhookReorder: boolean
  /** Rate of webhooks that are never sent at all. */
  webhookLoss: number
  seed: number
}>

export type ChaosChange = { readonly [Name in keyof Chaos]?: Chaos[Name] | undefined }

/** What will go wrong with one request, drawn when it arrives. */
export type Fate = Readonly<{
  latencyMs: number
  fault: 'timeout' | 'error' | 'reset' | undefined
  when: 'before' | 'after'
}>

export type ChaosSwitch = Readonly<{
  current: () => Chaos
  isOn: () => boolean
  set: (change: ChaosChange) => Chaos
  clear: () => Chaos
  drawFate: () => Fate
  /** Own draws, so that webhooks do not move the fates of requests. */
  webhookRandom: Random
  /** Own draws again: how webhooks fall into windows of time must not change which are lost. */
  lossRandom: Random
}>

const CALM: Chaos = {
  latencyMs: { min: 0, max: 0 },
  timeoutRate: 0,
  errorRate: 0,
  resetRate: 0,
  webhookDelayMs: 0,
  webhookDuplicate: 0,
  webhookReorder: false,
  webhookLoss: 0,
  seed: 1,
}

const CALM_FATE: Fate = { latencyMs: 0, fault: undefined, when: 'before' }
const WEBHOOK_SEED_OFFSET = 0x5bd1e995
const LOSS_SEED_OFFSET = 0x27d4eb2f

export function createChaosSwitch(): ChaosSwitch {
  let chaos = CALM
  let isOn = false
  let requestRandom = seededRandom(CALM.seed)
  let webhookRandom = seededRandom(CALM.seed + WEBHOOK_SEED_OFFSET)
  let lossRandom = seededRandom(CALM.seed + LOSS_SEED_OFFSET)

  function set(next: Chaos, on: boolean): Chaos {
    chaos = next
    isOn = on
    requestRandom = seededRandom(next.seed)
    webhookRandom = seededRandom(next.seed + WEBHOOK_SEED_OFFSET)
    lossRandom = seededRandom(next.seed + LOSS_SEED_OFFSET)
    return next
  }

  function drawFault(): Fate['fault'] {
    const draw = requestRandom()
    if (draw < chaos.timeoutRate) return 'timeout'
    if (draw < chaos.timeoutRate + chaos.errorRate) return 'error'
    if (draw < chaos.timeoutRate + chaos.errorRate + chaos.resetRate) return 'reset'
    return undefined
  }

  return {
    current: () => chaos,
    isOn: () => isOn,
    set(change) {
      const given = Object.entries(change).filter(([, value]) => value !== undefined)
      return set({ ...CALM, ...Object.fromEntries(given) }, true)
    },
    clear: () => set(CALM, false),
    drawFate() {
      if (!isOn) return CALM_FATE
      // Always three draws, so that one setting does not shift the draws of another.
      const { min, max } = chaos.latencyMs
      const latencyMs = Math.round(min + requestRandom() * (max - min))
      const fault = drawFault()
      return { latencyMs, fault, when: requestRandom() < 0.5 ? 'before' : 'after' }
    },
    webhookRandom: () => webhookRandom(),
    lossRandom: () => lossRandom(),
  }
}
