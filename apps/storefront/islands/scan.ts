type Detector = Readonly<{
  detect(source: HTMLVideoElement): Promise<readonly { rawValue: string }[]>
}>
type DetectorClass = new (options: Readonly<{ formats: readonly string[] }>) => Detector

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'itf']
const PAUSE_MS = 150

/** Looks for a product's number with the camera, and searches for it. */
export async function scan(button: HTMLButtonElement): Promise<void> {
  const { help = '', none = '', close = '' } = button.dataset
  const dialog = document.createElement('dialog')
  dialog.className = 'scanner'
  const video = document.createElement('video')
  video.playsInline = true
  video.muted = true
  const words = document.createElement('p')
  words.textContent = help
  words.setAttribute('role', 'status')
  const end = document.createElement('button')
  end.className = 'button button-quiet'
  end.textContent = close
  end.addEventListener('click', () => dialog.close())
  dialog.append(video, words, end)
  document.body.append(dialog)
  dialog.showModal()
  let stream: MediaStream | undefined
  dialog.addEventListener('close', () => {
    for (const track of stream?.getTracks() ?? []) track.stop()
    dialog.remove()
    button.focus()
  })
  try {
    const camera = { video: { facingMode: 'environment' } }
    stream = await navigator.mediaDevices.getUserMedia(camera)
    video.srcObject = stream
    await video.play()
    const number = await look(dialog, video)
    if (number) location.assign(`/search?q=${number}`)
  } catch {
    words.textContent = none
  }
}

/** The first number of a product that is seen before the dialog is closed. */
async function look(
  dialog: HTMLDialogElement,
  video: HTMLVideoElement,
): Promise<string | undefined> {
  const Detector = (window as unknown as { BarcodeDetector: DetectorClass }).BarcodeDetector
  const detector = new Detector({ formats: FORMATS })
  while (dialog.open) {
    const found = (await detector.detect(video)).find(({ rawValue }) => /^\d{8,14}$/.test(rawValue))
    if (found) return found.rawValue
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return undefined
}
