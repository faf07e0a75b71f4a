import type { AppMessages } from '../en/app.ts'

export const appEs: AppMessages = {
  offlineTitle: 'Sin conexión',
  offlineHelp:
    'Esta página no se ha abierto hace poco en este dispositivo. Estas páginas siguen aquí, tal como las viste:',
  tryAgain: 'Intentar de nuevo',
  seenAt:
    'Sin conexión. Ves esta página como estaba el {time}; los precios y las existencias pueden haber cambiado.',
  queued: 'Sin conexión. Se añadirá a tu carrito en cuanto vuelva.',
  sent: 'Vuelves a tener conexión y tu carrito está al día.',
  scan: 'Escanear un código de barras',
  scanHelp: 'Pon el código de barras de un producto delante de la cámara.',
  scanNone: 'No se puede usar la cámara. Escribe el número que hay bajo el código de barras.',
  close: 'Cerrar',
  keptByBrowser:
    'Tu propio navegador guarda las páginas de artículos que viste hace poco y los cambios del carrito que esperan conexión, para que estén ahí sin ella. Al cerrar la sesión se borran.',
  keptForNews:
    'Si pides que se te avise de un pedido o de un precio, la tienda guarda cifrada la dirección de tu navegador hasta que lo desactives.',
  news: {
    price: 'Avísame si baja el precio',
    order: 'Avísame de este pedido',
    on: 'Avisos activados. Pulsa para desactivarlos.',
    denied:
      'Tu navegador no permite que esta tienda envíe avisos. Puedes cambiarlo en sus ajustes.',
    title: 'Avisos',
    explained:
      'Este navegador recibe avisos de los pedidos y precios que pediste seguir. También puedes desactivar cada uno donde lo activaste.',
    end: 'Desactivar todos los avisos',
    ended: 'Este navegador ya no recibe ningún aviso.',
  },
}
