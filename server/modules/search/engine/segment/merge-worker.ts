import { parentPort, workerData } from 'node:worker_threads'
import { createLiveColumns } from './live.ts'
import { mergeSegments } from './merge.ts'
import { openSegment } from './segment.ts'

/** What the worker is given: shared bytes, and a copy of what was deleted when the merge began. */
export type MergeTask = readonly Readonly<{ buffer: SharedArrayBuffer; deleted: Uint8Array }>[]

const task = workerData as MergeTask
const noLive = createLiveColumns(0)
const result = mergeSegments(
  task.map(({ buffer, deleted }) => ({ segment: openSegment(buffer, noLive), deleted })),
)
parentPort?.postMessage(result)
