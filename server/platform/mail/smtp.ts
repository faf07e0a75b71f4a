import { createTransport } from 'nodemailer'
import type { SendMail } from './mailbox.ts'

/**
 * Sends by a mail server. The mail's id makes its Message-ID, so that one that is sent again after a
 * lost answer is recognised as the same.
 * @param url `smtp://user:password@host:587` or `smtps://…`.
 * @param from sender, such as `Stoa <shop@example.com>`.
 */
export function sendBySmtp(url: string, from: string): SendMail {
  const transport = createTransport(
    { url, connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 },
    { from },
  )
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'localhost'
  return async ({ id, to, subject, text, html, unsubscribeUrl }) => {
    const words = { subject, text, ...(html === undefined ? {} : { html }) }
    const headers = unsubscribeUrl === undefined ? {} : unsubscribing(unsubscribeUrl)
    await transport.sendMail({ to, ...words, headers, messageId: `<${id}@${domain}>` })
  }
}

/** By which a reader's own button ends such letters. Source: RFC 2369, 3.2; RFC 8058, 3.1. */
export function unsubscribing(url: string): Readonly<Record<string, string>> {
  return {
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
