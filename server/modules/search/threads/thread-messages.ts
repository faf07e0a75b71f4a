import type { MessagePort } from 'node:worker_threads'
import type { IndexNews } from '../engine/index.ts'

/** A call that crosses to a thread. */
export type ThreadRequest = Readonly<{ id: number; call: string; input?: unknown }>

/** Its answer; the first, of id 0, says that the thread is ready. */
export type ThreadReply =
  | Readonly<{ id: number; value: unknown }>
  | Readonly<{ id: number; error: Error }>

/** Connects the thread that changes an index with one that reads it. */
export type ConnectMessage = Readonly<{ connect: MessagePort }>

/** From the one that changes to those that read, answered by the number once it is taken. */
export type NewsMessage = Readonly<{ number: number; news: IndexNews }>
