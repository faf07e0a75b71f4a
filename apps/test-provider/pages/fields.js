// Mounts the provider's card fields in a page of the shop. The card number stays inside the frame;
// the page gets a token. See ../README.md.
;(() => {
  const { origin } = new URL(document.currentScript.src)
  window.StoaFields = {
    mount(element, { locale = '', onChange = () => {}, onEnter = () => {} } = {}) {
      const frame = document.createElement('iframe')
      const query = new URLSearchParams({ parent: location.origin, locale })
      frame.src = `${origin}/v1/fields?${query}`
      frame.title = 'Card details'
      frame.style.cssText = 'display:block;width:100%;height:176px;border:0'
      const waiting = new Map()
      const ready = Promise.withResolvers()
      let count = 0
      const listen = ({ source, origin: from, data }) => {
        if (source !== frame.contentWindow || from !== origin) return
        if (data.type === 'ready') {
          frame.title = data.title
          ready.resolve()
        }
        if (data.type === 'size') frame.style.height = `${data.height}px`
        if (data.type === 'change') onChange(data)
        if (data.type === 'enter') onEnter()
        if (data.type !== 'result') return
        waiting.get(data.id)?.(data.result)
        waiting.delete(data.id)
      }
      const send = (message) =>
        ready.promise.then(() => frame.contentWindow.postMessage(message, origin))
      addEventListener('message', listen)
      element.append(frame)
      return {
        // { ok: true, token, card } or { ok: false, errors: [{ path, message }] }
        tokenize: () =>
          new Promise((resolve) => {
            count += 1
            waiting.set(count, resolve)
            send({ type: 'tokenize', id: count })
          }),
        focus: () => send({ type: 'focus' }),
        remove() {
          removeEventListener('message', listen)
          frame.remove()
        },
      }
    },
  }
})()
