/** Times in the zone of who looks: the server can but write its own. */
export function tellMoments(within: ParentNode): void {
  const { momentsOf } = document.querySelector<HTMLElement>('[data-moments-of]')?.dataset ?? {}
  const moments = new Intl.DateTimeFormat(momentsOf, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  })
  for (const time of within.querySelectorAll<HTMLTimeElement>('.timeline time'))
    time.textContent = moments.format(new Date(time.dateTime))
}
