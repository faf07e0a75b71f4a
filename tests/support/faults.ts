/** Named points of an order's path (orders' README). */
export const POINTS = [
  'after_reserve',
  'after_place',
  'before_charge',
  'after_charge',
  'before_confirm',
  'after_confirm',
] as const
export type Point = (typeof POINTS)[number]

/** What a shop that was started as `faulty` can be told. */
export type Fault = Readonly<
  | { dieAt: Point }
  /** Says `{ heldAt }` when it comes there, and goes on when it is told to. */
  | { holdAt: Point }
  | { goOn: true }
  | { clockOffsetMs: number }
>
