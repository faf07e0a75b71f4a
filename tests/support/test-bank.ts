import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createTestProvider } from '../../apps/test-provider/index.ts'

export const BANK_KEY = 'sk_test_of_the_test_bank'
export const BANK_SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`

/** The real test bank on a free port, in a folder that goes with the test file. */
export async function openTestBank({
  webhookUrl,
  apiKey = BANK_KEY,
  webhookSecret = BANK_SECRET,
}: Readonly<{ webhookUrl?: string; apiKey?: string; webhookSecret?: string }> = {}) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'stoa-test-bank-'))
  const bank = createTestProvider({
    port: 0,
    host: '127.0.0.1',
    dataFolder,
    webhookUrl,
    webhookSecret,
    apiKey,
    hangMs: 500,
    disputeDelayMs: 100,
  })
  const url = await bank.start()
  after(async () => {
    await bank.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  })
  const call = async (path: string, body: object) => {
    const reply = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return reply.json()
  }
  return {
    url,
    chaos: (settings: object) => call('/v1/test/chaos', settings),
    closeDispute: (paymentId: string, outcome: 'won' | 'lost') =>
      call(`/v1/test/disputes/${paymentId}`, { outcome }),
    stop: bank.stop,
  }
}
