/** The same as without engines, with Redis between the processes and all events by Kafka. */
import '../scenarios/live.test.ts'
